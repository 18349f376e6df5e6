/* Plain text, until there is Markdown. */
#include "markdown.h"

void __attribute__((weak))
markdown_line(struct str line, struct md_state *state, struct md_spans *out)
{
    (void)line, (void)state, (void)out;
}

void __attribute__((weak)) markdown_skip(struct str line, struct md_state *state)
{
    (void)line, (void)state;
}
