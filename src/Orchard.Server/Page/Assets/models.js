// The choice of a model, and its loads.

import { shortName } from "./answer.js";
import { announce, element, find } from "./dom.js";

const PHASES = {
  resolving: "Looking for the model",
  downloading: "Downloading",
  verifying: "Checking the download",
  connecting: "Starting the engine",
  loading: "Loading",
};

export class ModelPicker {
  #server;
  #onProblem;
  #models = [];
  #loads = new Map(); // by model: its load under way as { text, part, cancel }
  #select = find("model");

  // `onProblem` is called with an error and what tries again, or with null once the models could be listed.
  constructor(server, { onChoice, onProblem }) {
    this.#server = server;
    this.#onProblem = onProblem;
    this.#select.addEventListener("change", () => {
      this.#show();
      onChoice(this.current);
    });
    find("load").addEventListener("click", () => this.load(this.current));
    find("cancel-load").addEventListener("click", () => this.#shownLoad?.cancel?.());
  }

  get current() {
    return this.#select.value;
  }

  // Chooses a model if it is there, by its name or the name of its repository.
  choose(model) {
    const found = this.#models.find(({ id }) => id === model) ?? (model && this.#models.find(({ id }) => id.startsWith(`${model}:`)));
    if (found) {
      this.#select.value = found.id;
      this.#show();
    }
  }

  async refresh() {
    try {
      this.#models = await this.#server.listModels();
    } catch (error) {
      this.#onProblem(error, () => this.refresh());
      return;
    }

    this.#onProblem(null);
    const { current } = this;
    this.#select.replaceChildren(...this.#models.map(({ id }) => element("option", { value: id }, shortName(id))));
    this.choose(current);
    this.#show();
  }

  // Loads a model because the user asks for it.
  async load(model) {
    const abort = new AbortController();
    try {
      await this.#load(model, abort.signal, () => {}, () => abort.abort());
      announce(`${shortName(model)} is loaded.`);
    } catch (error) {
      if (!abort.signal.aborted) {
        this.#onProblem(error, () => this.load(model));
      }
    } finally {
      this.#select.focus();
    }
  }

  // Loads a model before a question if it is not loaded. `report` gets the progress as text.
  async ensureLoaded(model, signal, report) {
    if (this.#models.find(({ id }) => id === model)?.state !== "loaded") {
      await this.#load(model, signal, report);
    }
  }

  async #load(model, signal, report, cancel = null) {
    const load = { text: `${PHASES.resolving} …`, part: null, cancel };
    this.#loads.set(model, load);
    this.#show();
    try {
      await this.#server.load(model, ({ status, completed, total, bytes_per_second: rate }) => {
        const part = total > 0 && completed !== undefined ? Math.min(1, completed / total) : null;
        const percent = part === null ? " …" : ` ${Math.floor(part * 100)} %`;
        const speed = rate > 0 ? `, ${(rate / 1e6).toFixed(1)} MB/s` : "";
        Object.assign(load, { text: `${PHASES[status] ?? "Loading"}${percent}${speed}`, part });
        report(load.text);
        this.#show();
      }, signal);
    } finally {
      if (this.#loads.get(model) === load) {
        this.#loads.delete(model);
      }

      await this.refresh();
    }
  }

  // A model that is being downloaded is not in the list yet.
  get #shownLoad() {
    return this.#loads.get(this.current) ?? [...this.#loads].find(([name]) => !this.#models.some(({ id }) => id === name))?.[1];
  }

  #show() {
    const model = this.#models.find(({ id }) => id === this.current);
    const load = this.#shownLoad;
    const isLoaded = model?.state === "loaded";
    this.#select.disabled = this.#models.length === 0;
    find("model-state").textContent = load?.text ?? (!model ? "No models" : isLoaded ? "Loaded" : "Not loaded");
    find("model-state").classList.toggle("loaded", isLoaded && !load);
    find("load").hidden = !model || isLoaded || Boolean(load);
    find("cancel-load").hidden = !load?.cancel;
    const progress = find("load-progress");
    progress.hidden = !load;
    if (load?.part === null || !load) {
      progress.removeAttribute("value");
    } else {
      progress.value = load.part;
    }
  }
}
