using Orchard.Formatting;

namespace Orchard.Calls.Chat;

/// <summary>A validated conversation with its options. Its lists are copies that are not shared.</summary>
/// <param name="Messages">At least one message.</param>
/// <param name="Given">The options as the caller gave them, to recognize those that conversations share.</param>
/// <param name="Options">A checked copy of the options.</param>
/// <param name="Inputs">The options' inputs to the chat template.</param>
internal sealed record ChatConversation(Message[] Messages, GenerationOptions? Given, GenerationOptions Options, PromptInputs Inputs);
