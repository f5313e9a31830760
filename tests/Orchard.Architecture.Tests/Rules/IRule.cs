using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>A rule about the code, checked without side effects.</summary>
internal interface IRule
{
    /// <summary>Returns the places that break the rule.</summary>
    IReadOnlyList<Violation> Check(CodeBase code);
}
