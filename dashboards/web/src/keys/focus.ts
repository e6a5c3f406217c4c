/** Places that keys move the focus to. */
import { shallowRef } from "vue";

export const searchBox = shallowRef<HTMLInputElement | null>(null);
export const listBox = shallowRef<HTMLElement | null>(null);
