import {
  Decoration,
  type DecorationSet,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from '@codemirror/view';

const REFERENCE = /\{\{([A-Za-z_][\w-]*)((?:\.[^{}.[\]\s]+(?:\[\])?|\[\])*)\}\}/g;

/** What a reference is called, with the number of its step. */
export type NameOf = (reference: string) => string;

class Pill extends WidgetType {
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }

  override eq(other: Pill): boolean {
    return other.name === this.name;
  }

  override toDOM(): HTMLElement {
    const pill = document.createElement('span');
    pill.className = 'pill';
    pill.textContent = this.name;
    return pill;
  }
}

/** Draws each reference to an earlier step as a pill that the cursor steps over as one. */
export function pills(nameOf: NameOf) {
  const matcher = new MatchDecorator({
    regexp: REFERENCE,
    decoration: ([reference]) => Decoration.replace({ widget: new Pill(nameOf(reference)) }),
  });
  const plugin = ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = matcher.createDeco(view);
      }
      update(update: ViewUpdate) {
        this.decorations = matcher.updateDeco(update, this.decorations);
      }
    },
    {
      decorations: ({ decorations }) => decorations,
      provide: (own) =>
        EditorView.atomicRanges.of((view) => view.plugin(own)?.decorations ?? Decoration.none),
    },
  );
  return plugin;
}

/** Whether a text maps something. */
export function hasReference(text: string): boolean {
  return text.search(REFERENCE) !== -1;
}
