/** Starts the console. */
import "element-plus/theme-chalk/base.css";
import "./styles/base.css";
import "./styles/element.css";

import { createApp } from "vue";

import App from "./App.vue";
import { startClock } from "./stores/clock";
import { followSelection } from "./stores/detail";
import { startLine } from "./stores/line";
import { loadReference } from "./stores/reference";
import { followAddress } from "./stores/selection";

followAddress();
startClock();
startLine();
loadReference();
followSelection();
createApp(App).mount("#app");
