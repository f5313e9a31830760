using Orchard.Architecture.Tests.Rules;

namespace Orchard.Architecture.Tests;

public sealed class LayerRuleTests
{
    private static readonly LayerRule Rule = new(new LayerTable("App", [[""], ["Calls"], ["Chat", "Tools", "Calls/Values"], ["Errors"]]));

    [Fact]
    public void UseOfALowerLayer_IsAllowed() =>
        Assert.Empty(Check(
            ("Client.cs", "class Client { Call? _call; Error? _error; }"),
            ("Calls/Call.cs", "class Call { Error? _error; }"),
            ("Errors/Error.cs", "class Error { }")));

    [Fact]
    public void UseOfAHigherLayer_IsAViolation()
    {
        Violation violation = Assert.Single(Check(
            ("Calls/Call.cs", "class Call { }"),
            ("Chat/Message.cs", "class Message\n{\n    Call? _call;\n}")));

        Assert.Equal("App/Chat/Message.cs:3: Chat uses Call of Calls, a higher layer", violation.ToString());
    }

    [Fact]
    public void UseOfTheRoot_IsAViolation()
    {
        Violation violation = Assert.Single(Check(
            ("Client.cs", "class Client { }"),
            ("Errors/Error.cs", "class Error { Client? _client; }")));

        Assert.Equal("Errors uses Client of the root, a higher layer", violation.Message);
    }

    [Fact]
    public void ASubfolderWithALayerOfItsOwn_IsNotPartOfItsParent()
    {
        Assert.Empty(Check(("Calls/Call.cs", "class Call { Value? _value; }"), ("Calls/Values/Value.cs", "class Value { }")));
        Assert.Single(Check(("Calls/Call.cs", "class Call { }"), ("Calls/Values/Value.cs", "class Value { Call? _call; }")));
    }

    [Fact]
    public void ASubfolderWithoutALayer_BelongsToItsParent() =>
        Assert.Single(Check(("Calls/Call.cs", "class Call { }"), ("Chat/Parts/Part.cs", "class Part { Call? _call; }")));

    [Fact]
    public void FoldersOfOneLayer_MayUseOneAnotherInOneDirectionOnly()
    {
        Assert.Empty(Check(("Chat/Message.cs", "class Message { Tool? _tool; }"), ("Tools/Tool.cs", "class Tool { }")));
        Violation violation = Assert.Single(Check(
            ("Chat/Message.cs", "class Message { Tool? _tool; }"),
            ("Chat/Other.cs", "class Other { }"),
            ("Tools/Tool.cs", "class Tool { Other? _other; }")));
        Assert.Equal(
            $"folders of one layer use one another{Environment.NewLine}"
            + $"  Chat -> Tools  (Tool at Chat/Message.cs:1){Environment.NewLine}"
            + "  Tools -> Chat  (Other at Tools/Tool.cs:1)",
            violation.Message);
    }

    [Fact]
    public void AFolderThatIsNotInTheTable_IsAViolation()
    {
        Violation violation = Assert.Single(Check(("New/Thing.cs", "class Thing { }")));

        Assert.Equal("App/New/Thing.cs: the folder is not in the table of layers", violation.ToString());
    }

    private static IReadOnlyList<Violation> Check(params (string Path, string Text)[] files) => Rule.Check(Planted.App(files));
}
