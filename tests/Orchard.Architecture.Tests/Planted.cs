using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests;

/// <summary>Small code bases in memory, to see that a rule fails on a violation and accepts code without one.</summary>
internal static class Planted
{
    /// <summary>Describes a project with the given files; its internal types are visible to the projects named App and Tests.</summary>
    public static ProjectDescription Project(string name, params (string Path, string Text)[] files) => new()
    {
        Name = name,
        Friends = ["App", "Tests"],
        GlobalUsings = ["System", "System.Collections.Generic"],
        Sources = [.. files.Select(file => new SourceText(file.Path, file.Text))],
    };

    /// <summary>Returns a code base of one project named App.</summary>
    public static CodeBase App(params (string Path, string Text)[] files) => CodeBaseBuilder.Build([Project("App", files)]);

    /// <summary>Returns a code base of several projects.</summary>
    public static CodeBase Code(params ProjectDescription[] projects) => CodeBaseBuilder.Build(projects);

    /// <summary>Adds references to the projects of the given names.</summary>
    public static ProjectDescription Referencing(this ProjectDescription project, params string[] names) =>
        project with { References = [.. names.Select(name => new ProjectLink(name))] };
}
