namespace Orchard.Architecture.Tests.Rules.Model;

/// <summary>One place where a file uses a type of the code base, directly or through a member.</summary>
/// <param name="File">The file that uses the type.</param>
/// <param name="User">The type whose declaration contains the use; null for top-level statements and assembly attributes.</param>
/// <param name="Used">The type in use.</param>
/// <param name="Line">The line of the first such use, counted from 1.</param>
internal sealed record TypeUse(SourceFile File, CodeType? User, CodeType Used, int Line);
