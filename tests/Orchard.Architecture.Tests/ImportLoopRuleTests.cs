using Orchard.Architecture.Tests.Rules;
using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests;

public sealed class ImportLoopRuleTests
{
    [Fact]
    public void TwoFilesThatUseEachOther_AreALoop()
    {
        Violation violation = Assert.Single(Check(("A.cs", "class A { B? _b; }"), ("B.cs", "class B { A? _a; }")));

        Assert.Equal("App", violation.Project);
        Assert.Equal(
            [
                "2 files import one another: A.cs, B.cs",
                "  cycle of 2:",
                "    B.cs -> A.cs  (A at B.cs:1)",
                "    A.cs -> B.cs  (B at A.cs:1)",
            ],
            violation.Message.Split(Environment.NewLine));
    }

    [Fact]
    public void ALoopThroughOtherFiles_IsFound_AndEveryCycleOfItIsShown()
    {
        Violation violation = Assert.Single(Check(
            ("A.cs", "class A { B? _b; }"),
            ("B.cs", "class B { C? _c; }"),
            ("C.cs", "class C { A? _a; D? _d; }"),
            ("D.cs", "class D { C? _c; }"),
            ("E.cs", "class E { A? _a; }")));

        Assert.StartsWith("4 files import one another: A.cs, B.cs, C.cs, D.cs", violation.Message, StringComparison.Ordinal);
        Assert.Contains("cycle of 2:", violation.Message, StringComparison.Ordinal);
        Assert.Contains("cycle of 3:", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SeparateLoops_AreReportedSeparately() =>
        Assert.Equal(2, Check(
            ("A.cs", "class A { B? _b; }"),
            ("B.cs", "class B { A? _a; }"),
            ("C.cs", "class C { D? _d; }"),
            ("D.cs", "class D { C? _c; }")).Count);

    [Theory]
    [InlineData("class A { object M(B b) => b.Next(); }", "a call of a member")]
    [InlineData("class A { static void M(int x) => x.Extend(); }", "a call of an extension method")]
    [InlineData("class A : B { }", "a base class")]
    [InlineData("class A { void M(List<B> list) { } }", "a type argument")]
    [InlineData("class A { object M() => typeof(B); }", "typeof")]
    [InlineData("class A { object M(object x) => x is B; }", "a type test")]
    [InlineData("[Mark(typeof(B))] class A { } class MarkAttribute(Type type) : Attribute { }", "an attribute's argument")]
    [InlineData("class A { void M() => Carrier.Take(\"text\"); }", "an implicit conversion")]
    [InlineData("class A { void M() => Carrier.Take(new()); }", "a target-typed new")]
    [InlineData("class A { object M() => Carrier.Left + Carrier.Right; }", "an operator")]
    [InlineData("class A { object M() => Carrier.Left[0]; }", "an indexer")]
    public void EveryWayToUseAType_Counts(string a, string way)
    {
        IReadOnlyList<Violation> violations = Check(
            ("A.cs", a),
            ("B.cs", """
                class B
                {
                    A? _a;
                    public B Next() => this;
                    public int this[int i] => i;
                    public static implicit operator B(string text) => new();
                    public static B operator +(B left, B right) => left;
                }

                static class Extensions
                {
                    public static void Extend(this int number) { }
                }
                """),
            ("Carrier.cs", "static class Carrier { public static B Left = new(), Right = new(); public static void Take(B b) { } }"));

        Assert.True(violations.Count == 1, $"not counted: {way}");
    }

    [Theory]
    [InlineData("/// <summary>See <see cref=\"B\"/>.</summary>\nclass A { }", "a documentation comment")]
    [InlineData("class A { string M() => nameof(B); }", "nameof")]
    [InlineData("using B = System.Int32; class A { B M() => 1; }", "another type of the same name")]
    [InlineData("class A { void B() => B(); }", "a member of the same name")]
    [InlineData("using static B; class A { }", "a using directive")]
    public void WhatIsNoUse_DoesNotCount(string a, string way) =>
        Assert.True(Check(("A.cs", a), ("B.cs", "class B { A? _a; }")).Count == 0, $"counted: {way}");

    [Fact]
    public void APartialTypeInSeveralFiles_CountsAsOneFile()
    {
        (string, string)[] parts =
        [
            ("A.One.cs", "partial class A { int M() => N(); }"),
            ("A.Two.cs", "partial class A { int N() => M(); }"),
        ];

        Assert.Empty(Check(parts));
        Assert.Single(Check([.. parts, ("B.cs", "class B { A? _a; }"), ("A.Three.cs", "partial class A { B? _b; }")]));
    }

    [Fact]
    public void NestedTypes_BelongToTheFileOfTheirOuterType() =>
        Assert.Single(Check(
            ("A.cs", "class A { public class Inner { } B? _b; }"),
            ("B.cs", "class B { A.Inner? _inner; }")));

    [Fact]
    public void MembersThatAGeneratorWouldAdd_DoNotHideOtherUses() =>
        Assert.Single(Check(
            ("A.cs", """
                static partial class A
                {
                    public static partial void Log(string text);
                    public static void M() => B.Run(Generated.Text);
                }
                """),
            ("B.cs", "class B { public static void Run(string text) => A.Log(text); }")));

    private static IReadOnlyList<Violation> Check(params (string Path, string Text)[] files) =>
        new ImportLoopRule().Check(Planted.App(files));
}
