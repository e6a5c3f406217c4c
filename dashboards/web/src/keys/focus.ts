/** Places that keys move the focus to. */
import { shallowRef } from "vue";

export const searchBox = shallowRef<HTMLInputElement | null>(null);
/** Once something is chosen the keys belong to the incidents again; a select takes the focus back first, so a moment later. */
export function leaveField(): void {
  setTimeout(() => {
    const field = document.activeElement;
    if (!(field instanceof HTMLElement) || field.closest(".el-select") === null) return;
    field.blur();
    listBox.value?.focus({ preventScroll: true });
  });
}

export const listBox = shallowRef<HTMLElement | null>(null);
