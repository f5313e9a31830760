namespace WebChat;

/// <summary>Settings of the page, bound from the configuration section "WebChat".</summary>
internal sealed class WebChatOptions
{
    /// <summary>Models that the user can choose: <c>starter</c>, or paths of GGUF files. Requests for other models are rejected.</summary>
    public IList<string> Models { get; } = [];
}
