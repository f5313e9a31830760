using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Orchard.Formatting;
using Orchard.Models;
using Orchard.Protocol.Messages;

namespace Orchard;

/// <summary>One call: conversations that have been checked, and the options for all of them.</summary>
internal sealed class ChatRequest
{
    private readonly IReadOnlyList<IReadOnlyList<Message>> _conversations;

    /// <exception cref="ArgumentException">Something in it cannot be sent; the message says what.</exception>
    public ChatRequest(string model, IReadOnlyList<IReadOnlyList<Message>> conversations, GenerationOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);

        // Copied first and checked then: what is sent is what was checked, whatever the caller does to the lists meanwhile.
        _conversations = [.. conversations.Select(messages => Checked(messages))];
        options ??= GenerationOptions.Default;
        Options = options with { StopStrings = options.StopStrings is { } stops ? [.. stops] : null! };
        Options.Validate();
        Model = model;
    }

    public string Model { get; }

    public GenerationOptions Options { get; }

    public int ConversationCount => _conversations.Count;

    /// <summary>The request as it is sent, and what will read its answers.</summary>
    public (RequestFrame Frame, SequenceReader[] Sequences) Render(ReadyModel model)
    {
        var prompts = new PromptFrame[_conversations.Count];
        var sequences = new SequenceReader[_conversations.Count];
        for (int i = 0; i < prompts.Length; i++)
        {
            RenderedPrompt prompt = model.Formatter.Render(_conversations[i]);
            string[] stopStrings = [.. Options.StopStrings, .. prompt.StopStrings];
            prompts[i] = ToFrame(i, prompt.Text, stopStrings);
            sequences[i] = new SequenceReader(i, stopStrings, model.Session.IsOrchardEngine);
        }

        var frame = new RequestFrame
        {
            RequestId = model.Session.NextRequestId(),
            ModelId = model.Info.Id,
            ModelPath = model.Info.Path,
            ResponseChannelId = model.Session.ChannelId,
            Prompts = prompts,
            WantsAcknowledgement = model.Session.IsOrchardEngine,
        };
        return (frame, sequences);
    }

    private PromptFrame ToFrame(int index, string text, IReadOnlyList<string> stopStrings) =>
        new()
        {
            PromptIndex = index,
            Text = Encoding.UTF8.GetBytes(text),
            MaxGeneratedTokens = Options.MaxTokens ?? 0,
            Temperature = Options.Temperature,
            TopP = Options.TopP,
            TopK = Options.TopK ?? -1,
            MinP = Options.MinP,
            RngSeed = Options.Seed ?? (uint)RandomNumberGenerator.GetInt32(int.MaxValue),
            StopSequences = stopStrings,
        };

    private static Message[] Checked(IReadOnlyList<Message>? messages, [CallerArgumentExpression(nameof(messages))] string name = "")
    {
        Message[] copy = messages is null ? [] : [.. messages];
        if (copy.Length == 0)
        {
            throw new ArgumentException("The conversation has no messages; it needs at least one, usually the user's question.", name);
        }

        for (int i = 0; i < copy.Length; i++)
        {
            if (copy[i] is not { Content: { } content })
            {
                throw new ArgumentException($"Message {i} of the conversation, or its content, is null.", name);
            }

            if (!Utf16.IsWellFormed(content))
            {
                throw new ArgumentException($"The content of message {i} has an unpaired surrogate, which has no UTF-8 form and cannot be sent.", name);
            }
        }

        return copy;
    }
}
