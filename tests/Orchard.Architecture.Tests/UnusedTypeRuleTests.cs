using Orchard.Architecture.Tests.Rules;
using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests;

public sealed class UnusedTypeRuleTests
{
    [Fact]
    public void TypesThatNoProductCodeReaches_AreViolations()
    {
        CodeBase code = Planted.App(
            ("Api.cs", "public class Api { Used? _used; }"),
            ("Used.cs", "class Used { }"),
            ("ForTests.cs", "class ForTests { ForTests? _self; Used? _used; Helper? _helper; }"),
            ("Helper.cs", "class Helper { ForTests? _owner; }"));

        Assert.Equal(
            ["App/ForTests.cs: no product code uses ForTests", "App/Helper.cs: no product code uses Helper"],
            new UnusedTypeRule().Check(code).Select(violation => violation.ToString()).Order());
    }

    [Fact]
    public void TypesThatAnotherProjectUses_AreUsed()
    {
        ProjectDescription wire = Planted.Project("Wire", ("Frame.cs", "class Frame { }"), ("Other.cs", "class Other { }"));
        ProjectDescription app = Planted.Project("App", ("Api.cs", "public class Api { Frame? _frame; }")).Referencing("Wire");

        Violation violation = Assert.Single(new UnusedTypeRule().Check(Planted.Code(wire, app)));

        Assert.Equal("Wire/Other.cs: no product code uses Other", violation.ToString());
    }

    [Fact]
    public void TypesThatTheEntryPointUses_AreUsed()
    {
        (string, string) used = ("Used.cs", "class Used { public static void Run() { } }");
        ProjectDescription program = Planted.Project("App", ("Program.cs", "class Program { static void Main() => Used.Run(); }"), used);
        ProjectDescription script = Planted.Project("App", ("Program.cs", "Used.Run();"), used);

        Assert.Empty(new UnusedTypeRule().Check(Planted.Code(program with { IsExecutable = true })));
        Assert.Empty(new UnusedTypeRule().Check(Planted.Code(script with { IsExecutable = true })));
        Assert.Equal(2, new UnusedTypeRule().Check(Planted.Code(program)).Count);
    }

    [Fact]
    public void TypesOfExtensionMethods_AreUsedByTheirCalls() =>
        Assert.Empty(new UnusedTypeRule().Check(Planted.App(
            ("Api.cs", "public class Api { void M(int x) => x.Extend(); }"),
            ("Extensions.cs", "static class Extensions { public static void Extend(this int number) { } }"))));
}
