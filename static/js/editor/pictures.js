// @ts-check
/* The lesson's pictures: uploaded by button, paste or drop, and put into the text with words for who cannot see them. */

import { upload } from "../api.js";
import { h } from "../dom.js";
import { announce } from "../live.js";
import { describePicture } from "./dialogs.js";
import { figure } from "./markup.js";

/** @typedef {{name: string, url: string, width: number, height: number, size: number}} PictureRow */

/**
 * @param {object} options
 * @param {HTMLElement} options.list
 * @param {HTMLInputElement} options.field for a file
 * @param {string} options.address
 * @param {(block: string) => void} options.insert
 * @param {() => void} options.onStart pictures are sent: what was wrong with others is past
 * @param {(words: string) => void} options.onError
 */
export function mountPictures({ list, field, address, insert, onStart, onError }) {
  /** @param {{name: string, url: string}} picture */
  async function put(picture) {
    const words = await describePicture(picture);
    if (words) insert(figure(picture.name, words.description, words.caption));
  }

  /** @param {File[]} files */
  async function take(files) {
    onStart();
    for (const file of files) {
      const data = new FormData();
      data.append("file", file);
      announce(`${file.name} is being uploaded.`);
      try {
        const row = /** @type {PictureRow} */ (await upload(address, data));
        if (!names().includes(row.name)) list.append(draw(row));
        await put(row);
      } catch (error) {
        onError(`${file.name}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }

  /** @param {HTMLElement} item */
  function addButton(item) {
    const { name = "", url = "" } = item.dataset;
    const onclick = () => put({ name, url });
    item.append(
      h("button", { type: "button", class: "small", "aria-label": `Put ${name} into the text`, onclick }, "Put in"),
    );
    return item;
  }

  /** @param {PictureRow} row */
  const draw = ({ name, url, width, height }) =>
    addButton(
      h(
        "li",
        { dataset: { name, url } },
        h("img", { src: url, alt: "", width: 64, height: 48 }),
        h("span", {}, h("code", {}, name), h("small", {}, ` ${width} × ${height}`)),
      ),
    );

  const names = () => [...list.children].map((item) => /** @type {HTMLElement} */ (item).dataset.name ?? "");

  for (const item of list.children) addButton(/** @type {HTMLElement} */ (item));
  field.addEventListener("change", () => {
    take([...(field.files ?? [])]);
    field.value = "";
  });
  return { take, names, choose: () => field.click() };
}
