using Orchard.Architecture.Tests.Rules;

namespace Orchard.Architecture.Tests;

public sealed class ParameterCountRuleTests
{
    private static readonly ParameterCountRule Rule = new(2);

    [Theory]
    [InlineData("class A { public void M(int a, int b, int c) { } }", "M has 3 parameters, allowed are 2")]
    [InlineData("interface IA { void M(int a, int b, int c); }", "M has 3 parameters, allowed are 2")]
    [InlineData("class A { A(int a, int b, int c) { } }", "the constructor of A has 3 parameters, allowed are 2")]
    [InlineData("record A(int B, int C, int D);", "the primary constructor of A has 3 parameters, allowed are 2")]
    [InlineData("class A(int b, int c, int d) { int _e = b + c + d; }", "the primary constructor of A has 3 parameters, allowed are 2")]
    [InlineData("class A { void M() { void Local(int a, int b, int c) { } } }", "Local has 3 parameters, allowed are 2")]
    [InlineData("class A { Func<int, int, int, int> M() => (a, b, c) => a; }", "the lambda has 3 parameters, allowed are 2")]
    [InlineData("delegate void D(int a, int b, int c);", "D has 3 parameters, allowed are 2")]
    [InlineData("class A { int this[int a, int b, int c] => a; }", "the indexer has 3 parameters, allowed are 2")]
    public void TooManyParameters_AreAViolation(string code, string message)
    {
        Violation violation = Assert.Single(Rule.Check(Planted.App(("A.cs", code))));

        Assert.Equal(("App", "A.cs:1", message), (violation.Project, violation.Place, violation.Message));
    }

    [Theory]
    [InlineData("class A { void M(int a, int b) { } }")]
    [InlineData("partial class A { [LibraryImport(\"native\")] static partial void M(int a, int b, int c); }")]
    [InlineData("class A { [DllImport(\"native\")] static extern void M(int a, int b, int c); }")]
    [InlineData("[UnmanagedFunctionPointer(0)] delegate void D(int a, int b, int c);")]
    [InlineData("class A : System.IO.Stream { public override int Read(byte[] buffer, int offset, int count) => 0; }")]
    public void FewParametersAndSignaturesFromElsewhere_AreAllowed(string code) => Assert.Empty(Rule.Check(Planted.App(("A.cs", code))));
}
