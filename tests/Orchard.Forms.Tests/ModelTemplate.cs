using Orchard.Engine.Output;
using Orchard.Formatting;
using Orchard.Formatting.Forms;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Templates.Limits;
using Orchard.Templates.Values;

namespace Orchard.Forms.Tests;

/// <summary>A chat template from both sides: the prompt that the client renders with it, and the output that the engine reads.</summary>
internal sealed class ModelTemplate
{
    private readonly ModelFacts _facts;
    private readonly ChatFormatter _formatter;

    public ModelTemplate(string source)
    {
        _facts = new ModelFacts { ChatTemplate = source, BeginToken = "<s>", EndToken = "</s>" };
        _formatter = ChatFormatter.For(_facts);
    }

    /// <summary>The question of all conversations.</summary>
    public static Message Question { get; } = Message.User("How is the weather in Paris?");

    /// <summary>Whether the form of calls is known, be it found in the template or of a known family.</summary>
    public bool KnowsCalls => _formatter.ToolCalls == TemplateToolCalls.Known;

    /// <summary>Renders the prompt before the model's turn.</summary>
    public RenderedPrompt Prompt(IReadOnlyList<Tool> tools, bool? thinks = null) =>
        _formatter.Render([Question], new PromptInputs { Tools = tools, Thinking = thinks, MayIgnoreThinking = true });

    /// <summary>Compiles the rules of the model's output, as the engine does for a request of the client.</summary>
    public static OutputRules Rules(RenderedPrompt prompt, IReadOnlyList<Tool> tools, ToolChoice choice, bool? thinks = null, int maxCalls = 0)
    {
        var inputs = new PromptInputs { Tools = tools, Thinking = thinks };
        bool mayReason = choice.Kind == ToolChoiceKind.Auto || ChatFormatter.ReasonsFirst(prompt, inputs);
        return OutputRules.Of(new WirePrompt
        {
            Text = prompt.Text,
            ToolCallingTokens = prompt.Output.Calls,
            ThinkingTokens = prompt.Output.Thinking,
            ToolSchemasJson = tools.Count > 0 ? ToolJson.Core(tools) : "",
            ActiveToolSchemasJson = tools.Count > 0 ? ToolJson.Active(tools) : "",
            ToolChoice = ToolJson.Choice(choice),
            MaxToolCalls = maxCalls,
            Extensions = new PromptExtensions
            {
                CallForm = prompt.Output.FormJson,
                EmptyReasoning = !mayReason && prompt.Output.Thinking != ThinkingTokens.None,
            },
        });
    }

    /// <summary>
    /// Returns what the model writes after a prompt, by rendering its turn into history; null if the template rejects the turn.
    /// </summary>
    public string? Written(Message turn, RenderedPrompt prompt, IReadOnlyList<Tool> tools, bool? thinks = null)
    {
        Dictionary<string, TemplateValue> variables = Variables(tools, thinks);
        return Render([Question], variables, isPrompt: true, prompt.Output) is { } before
            && Render([Question, turn], variables, isPrompt: false, prompt.Output) is { } whole
                ? After(whole)[FormText.CommonStart(After(whole), After(before)).Length..]
                : null;
    }

    private static string After(string text) => text[text.LastIndexOf(Question.Text, StringComparison.Ordinal)..];

    private static Dictionary<string, TemplateValue> Variables(IReadOnlyList<Tool> tools, bool? thinks)
    {
        var variables = new Dictionary<string, TemplateValue>(StringComparer.Ordinal);
        if (tools.Count > 0)
        {
            variables["tools"] = JsonValues.From(ToolJson.Template(tools));
        }

        if (thinks is { } on)
        {
            foreach (ReasoningSwitch one in ReasoningSwitch.All)
            {
                variables[one.Name] = one.Set(on).Value;
            }
        }

        return variables;
    }

    private string? Render(IReadOnlyList<Message> messages, Dictionary<string, TemplateValue> variables, bool isPrompt, OutputForm form)
    {
        variables["add_generation_prompt"] = isPrompt ? TemplateValue.True : TemplateValue.False;
        try
        {
            return new TemplateRenderer(_facts, TimeProvider.System).Render(null, messages, variables, CancellationToken.None, form).Text;
        }
        catch (Exception e) when (e is TemplateException or ChatTemplateException)
        {
            return null;
        }
    }
}
