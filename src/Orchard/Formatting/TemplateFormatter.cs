using Orchard.Formatting.Templates;
using Orchard.Formatting.Templates.Values;

namespace Orchard.Formatting;

/// <summary>The model's own chat template, which says how its conversations were written when it was trained.</summary>
/// <param name="source">The template, as the model file has it. Compiled at the first conversation.</param>
/// <param name="beginToken">Text of the token that begins a text; null when the model has none.</param>
/// <param name="endToken">Text of the token that ends a text; null when the model has none.</param>
/// <param name="controlTexts">The texts of the model's control tokens, as far as they are known.</param>
internal sealed class TemplateFormatter(string source, string? beginToken, string? endToken, IReadOnlyList<string>? controlTexts)
    : ChatFormatter(controlTexts)
{
    private static readonly TemplateValue RoleName = TemplateValue.From("role");
    private static readonly TemplateValue ContentName = TemplateValue.From("content");

    // A template that cannot be compiled is told to every conversation, and to nobody who only loads the model.
    private readonly Lazy<ChatTemplate> _template = new(() => ChatTemplate.Parse(source));

    /// <inheritdoc/>
    /// <exception cref="ChatTemplateException">The template cannot be rendered, or refuses the conversation; the message names its line.</exception>
    protected override RenderedPrompt Write(IReadOnlyList<Message> messages) => new(_template.Value.Render(Variables(messages)), []);

    private Dictionary<string, TemplateValue> Variables(IReadOnlyList<Message> messages) => new(StringComparer.Ordinal)
    {
        ["messages"] = TemplateValue.FromList(new TemplateList([.. messages.Select(ToValue)])),
        ["add_generation_prompt"] = TemplateValue.True,
        ["tools"] = TemplateValue.None,
        ["documents"] = TemplateValue.None,
        ["bos_token"] = TemplateValue.From(beginToken ?? ""),
        ["eos_token"] = TemplateValue.From(endToken ?? ""),
    };

    private static TemplateValue ToValue(Message message)
    {
        var map = new TemplateMapBuilder(ValueComparer.Unbounded);
        map.Set(RoleName, TemplateValue.From(NameOf(message.Role)));
        map.Set(ContentName, TemplateValue.From(message.Content));
        return TemplateValue.From(map.Build());
    }
}
