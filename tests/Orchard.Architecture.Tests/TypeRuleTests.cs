using Orchard.Architecture.Tests.Rules;
using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests;

public sealed class TypeRuleTests
{
    [Theory]
    [InlineData("public sealed record A(int B);", "A")]
    [InlineData("public readonly record struct A(int B);", "A")]
    [InlineData("public static class Outer { public sealed record Inner(int B); }", "Inner")]
    public void PublicPositionalRecord_IsAViolation(string code, string name) =>
        Assert.Equal(
            $"App/A.cs:1: {name} is a public record with positional parameters",
            Assert.Single(new PositionalRecordRule("App").Check(Planted.App(("A.cs", code)))).ToString());

    [Theory]
    [InlineData("public sealed record A { public int B { get; init; } }")]
    [InlineData("internal sealed record A(int B);")]
    [InlineData("internal static class Outer { public sealed record Inner(int B); }")]
    [InlineData("public sealed class A(int b) { public int B => b; }")]
    public void OtherTypes_AreNoPublicPositionalRecords(string code) =>
        Assert.Empty(new PositionalRecordRule("App").Check(Planted.App(("A.cs", code))));

    [Fact]
    public void ANamespaceInTwoProjects_IsAViolationInBoth()
    {
        CodeBase code = Planted.Code(
            Planted.Project("One", ("A.cs", "namespace House.Engine; class A { }"), ("B.cs", "namespace House.One; class B { }")),
            Planted.Project("Two", ("C.cs", "namespace House.Engine; class C { }"), ("D.cs", "namespace Household; class D { }")),
            Planted.Project("Three", ("E.cs", "namespace Household; class E { }")));

        Assert.Equal(
            ["One/A.cs: the namespace House.Engine is also in Two", "Two/C.cs: the namespace House.Engine is also in One"],
            new NamespaceRule("House").Check(code).Select(violation => violation.ToString()));
    }

    [Fact]
    public void PublicType_IsAViolationWhereAllTypesAreInternal()
    {
        CodeBase code = Planted.App(("A.cs", "public class A { }"), ("B.cs", "class B { public class Inner { } }"));

        Assert.Equal("App/A.cs: A is public", Assert.Single(new PublicTypeRule("App").Check(code)).ToString());
    }

    [Theory]
    [InlineData("public class A { }", "A")]
    [InlineData("public record A { }", "A")]
    [InlineData("public static class Outer { public class Inner { } }", "Inner")]
    public void PublicClassOpenToInheritance_IsAViolation(string code, string name)
    {
        Violation violation = Assert.Single(new SealedTypeRule("App").Check(Planted.App(("A.cs", code))));

        Assert.Equal($"App/A.cs: {name} is neither sealed nor abstract", violation.ToString());
    }

    [Theory]
    [InlineData("public sealed class A { }")]
    [InlineData("public abstract class A { }")]
    [InlineData("public static class A { private class Inner { } }")]
    [InlineData("class A { public class Inner { } }")]
    [InlineData("public interface IA { }")]
    [InlineData("public struct A { }")]
    [InlineData("public enum A { None }")]
    [InlineData("public delegate void A();")]
    [InlineData("public class A { } public sealed class B : A { }")]
    public void OtherTypes_AreNotOpenToInheritance(string code) =>
        Assert.Empty(new SealedTypeRule("App").Check(Planted.App(("A.cs", code))));

    [Fact]
    public void PublicExceptionOutsideTheRoot_IsAViolation()
    {
        CodeBase code = Planted.App(
            ("Root.cs", "namespace House; public class RootException : Exception { }"),
            ("Good.cs", "namespace House; public class GoodException : RootException { }"),
            ("Hidden.cs", "namespace House; class HiddenException : Exception { }"),
            ("Bad.cs", "namespace House; public class BadException : ArgumentException { }"));

        Violation violation = Assert.Single(new ExceptionRootRule("App", "House.RootException").Check(code));
        Assert.Equal("App/Bad.cs: BadException does not derive from House.RootException", violation.ToString());
    }
}
