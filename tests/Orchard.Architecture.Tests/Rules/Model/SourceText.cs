namespace Orchard.Architecture.Tests.Rules.Model;

/// <summary>A source file before it is parsed.</summary>
/// <param name="Path">The path relative to the project's folder, with forward slashes.</param>
/// <param name="Text">The C# code.</param>
internal sealed record SourceText(string Path, string Text);
