namespace Orchard.Server.Generation;

/// <summary>Lets a model continue a text as it is, without the turns of a conversation. Pure.</summary>
internal static class RawPrompt
{
    private const string Template = "{{ bos_token }}{{ messages[0]['content'] }}";

    /// <summary>Returns a prompt that is only the text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="options">How to generate.</param>
    public static ChatPrompt Of(string text, GenerationOptions options) => Of(Message.User(text), options);

    /// <summary>Returns a prompt that is only the content of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="options">How to generate.</param>
    public static ChatPrompt Of(Message message, GenerationOptions options) => new([message], options with { ChatTemplate = Template });
}
