using Orchard.Calls.Chat;

namespace Orchard.Tests.Chat;

/// <summary>The made-up chat that compiles the code of the first real one.</summary>
public sealed class FirstChatTests
{
    [Fact]
    public void Run_MadeUpMessages_AreReadToTheEnd() => Assert.Equal("!", FirstChat.Run());
}
