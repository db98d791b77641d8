import Markdown from 'react-markdown';

/** Help as the app writes it, which is Markdown. Links open beside the page. */
export function Help({ text, id }: { text: string; id?: string }) {
  if (!text) return null;
  return (
    <div className="help" id={id}>
      <Markdown
        components={{
          a: ({ href, children }) => (
            <a href={href} target="_blank" rel="noreferrer">
              {children}
            </a>
          ),
        }}
      >
        {text}
      </Markdown>
    </div>
  );
}
