using Orchard.Architecture.Tests.Rules;
using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests;

public sealed class ProjectGraphRuleTests
{
    private static readonly ProjectDescription Wire = Planted.Project("Wire", ("Frame.cs", "class Frame { }"));
    private static readonly ProjectDescription Client =
        Planted.Project("Client", ("Client.cs", "public class Client { }")).Referencing("Wire");

    private static readonly ProjectGraphRule Rule = new(new Dictionary<string, string[]>
    {
        ["Wire"] = [],
        ["Client"] = ["Wire"],
        ["App"] = ["Client"],
    });

    [Fact]
    public void AllowedReferences_AreNoViolation()
    {
        ProjectDescription app = Planted.Project("App", ("App.cs", "class App : Client { }")).Referencing("Client");

        Assert.Empty(Rule.Check(Planted.Code(Wire, Client, app)));
    }

    [Fact]
    public void AReferenceThatTheTableDoesNotAllow_IsAViolation()
    {
        Violation violation = Assert.Single(Rule.Check(Planted.Code(Wire.Referencing("Client"), Client.Referencing())));

        Assert.Equal("Wire/Wire.csproj: references Client", violation.ToString());
    }

    [Fact]
    public void UseOfATypeThatComesThroughAnotherReference_IsAViolation()
    {
        ProjectDescription app = Planted.Project("App", ("App.cs", "class App : Client { Frame? _frame; }")).Referencing("Client");

        Assert.Equal("App/App.cs:1: uses Frame of Wire", Assert.Single(Rule.Check(Planted.Code(Wire, Client, app))).ToString());
    }

    [Fact]
    public void AProjectThatIsNotInTheTable_IsAViolation()
    {
        Violation violation = Assert.Single(Rule.Check(Planted.Code(Planted.Project("New"))));

        Assert.Equal("New/New.csproj: the project is not in the table of references", violation.ToString());
    }
}
