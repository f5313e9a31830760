namespace WebChat;

/// <summary>What the page offers; bound from the section "WebChat".</summary>
internal sealed class WebChatOptions
{
    /// <summary>The models to pick from: <c>starter</c>, or paths of GGUF files. Nothing else is loaded, whatever a request names.</summary>
    public IList<string> Models { get; } = [];
}
