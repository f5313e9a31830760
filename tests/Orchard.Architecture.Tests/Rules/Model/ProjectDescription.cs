namespace Orchard.Architecture.Tests.Rules.Model;

/// <summary>The source code of one project and what its project file says about it.</summary>
internal sealed record ProjectDescription
{
    /// <summary>The name of the project file, without its extension.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the compiled assembly; by default the project's name.</summary>
    public string AssemblyName { get => field ?? Name; init; }

    /// <summary>Whether the project compiles to a program with an entry point.</summary>
    public bool IsExecutable { get; init; }

    /// <summary>The projects that this one references.</summary>
    public IReadOnlyList<ProjectLink> References { get; init; } = [];

    /// <summary>The assemblies that may use internal types of this one.</summary>
    public IReadOnlyList<string> Friends { get; init; } = [];

    /// <summary>Namespaces that the project file imports into every source file.</summary>
    public IReadOnlyList<string> GlobalUsings { get; init; } = [];

    /// <summary>The source files.</summary>
    public required IReadOnlyList<SourceText> Sources { get; init; }
}
