namespace Orchard.Extensions.AI.Tests.Mapping;

public sealed class ToolNamesTests
{
    private static readonly string Long = "github.com/tools/" + new string('x', 111);

    [Theory]
    [InlineData("get_weather")]
    [InlineData("server.tool-1")]
    [InlineData("files/read")]
    [InlineData("add numbers")]
    [InlineData("zażółć")]
    [InlineData("")]
    public void Name_OfAnyKind_IsWrittenAndReadBack(string name)
    {
        var names = new ToolNames([name, "other"]);

        Assert.Equal(names.ToModel(name), new Tool(names.ToModel(name)).Name); // one that a tool can have
        Assert.Equal(name, names.FromModel(names.ToModel(name)));
    }

    [Fact]
    public void Name_Of128Characters_IsWrittenAndReadBack()
    {
        var names = new ToolNames([Long, Long[..^1] + "y"]);

        Assert.Equal(64, names.ToModel(Long).Length);
        Assert.Equal(Long, names.FromModel(names.ToModel(Long)));
        Assert.NotEqual(names.ToModel(Long), names.ToModel(Long[..^1] + "y"));
    }

    [Fact]
    public void Names_WrittenAlike_StayApart()
    {
        string[] originals = ["a/b", "a_b", "a:b"];
        var names = new ToolNames(originals);

        Assert.Equal("a_b", names.ToModel("a_b"));
        Assert.Equal(originals, originals.Select(name => names.FromModel(names.ToModel(name))));
    }

    [Fact]
    public void Name_ThatIsNotOffered_IsWrittenTheSameWay() => Assert.Equal(new ToolNames([Long]).ToModel(Long), ToolNames.None.ToModel(Long));
}
