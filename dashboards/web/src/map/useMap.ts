/** A map's life in its pane: made when the pane stands, recoloured with the page, taken down with it. */
import { nextTick, onBeforeUnmount, onMounted, ref, shallowRef, type ShallowRef, watch } from "vue";

import { theme } from "@/stores/settings";
import type { BaseMap } from "./baseMap";
import { type Palette, readPalette } from "./palette";

/** `map` is null until it stands; `broken` when the browser has no WebGL. `box` is the frame's element that it is drawn in. */
export function useMap<M extends BaseMap>(make: (box: HTMLElement, palette: Palette) => M) {
  const map: ShallowRef<M | null> = shallowRef(null);
  const box = ref<HTMLElement | null>(null);
  const broken = ref(false);
  const palette = () => readPalette(theme.value === "dark");
  onMounted(() => {
    if (box.value === null) return;
    try {
      map.value = make(box.value, palette());
    } catch {
      broken.value = true;
    }
  });
  watch(theme, async () => { await nextTick(); map.value?.setPalette(palette()); });
  onBeforeUnmount(() => map.value?.destroy());
  return { map, box, broken };
}
