namespace Orchard.Engine.Output;

/// <summary>Takes what an <see cref="OutputParser"/> finds: the items of the output, one after another, each in pieces of any size.</summary>
internal interface IOutputItems
{
    /// <summary>A piece of the message to the user.</summary>
    void Text(ReadOnlySpan<char> piece);

    /// <summary>A piece of the model's thinking.</summary>
    void Reasoning(ReadOnlySpan<char> piece);

    /// <summary>A call of a tool that the request has; its arguments follow.</summary>
    void BeginCall(string name);

    /// <summary>A piece of the arguments, as JSON.</summary>
    void Arguments(ReadOnlySpan<char> piece);

    /// <summary>The call is written out. One that the end of the output cuts short never gets here.</summary>
    void EndCall();
}
