using System.Globalization;
using Orchard.Routing;

namespace Orchard.Tests.Routing;

public sealed class ConversationsTests
{
    [Fact]
    public void Set_MoreThanTheLimit_ForgetsThoseThatWereUsedFirst()
    {
        var conversations = new Conversations();
        for (int i = 0; i < Conversations.Limit; i++)
        {
            conversations.Set(i.ToString(CultureInfo.InvariantCulture), isRemote: i % 2 == 0);
        }

        conversations.Set("0", isRemote: false);
        conversations.Set("new", isRemote: true);

        Assert.Equal((false, null, true, true), (
            conversations.FindRemote("0"), conversations.FindRemote("1"), conversations.FindRemote("2"), conversations.FindRemote("new")));
    }
}
