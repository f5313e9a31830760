using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Orchard.Architecture.Tests.Rules.Model;

/// <summary>Reads the product projects of a checkout: every project in <c>src/</c>.</summary>
internal static partial class RepositoryReader
{
    // What the SDK imports into every file of a project with ImplicitUsings.
    private static readonly string[] ImplicitUsings =
    [
        "System",
        "System.Collections.Generic",
        "System.IO",
        "System.Linq",
        "System.Net.Http",
        "System.Threading",
        "System.Threading.Tasks",
    ];

    /// <summary>Reads the projects under the given root of a checkout.</summary>
    public static CodeBase Read(string repositoryRoot)
    {
        string[] projects = Directory.GetFiles(Path.Combine(repositoryRoot, "src"), "*.csproj", SearchOption.AllDirectories);
        return CodeBaseBuilder.Build([.. projects.Order(StringComparer.Ordinal).Select(ReadProject)]);
    }

    private static ProjectDescription ReadProject(string path)
    {
        XDocument project = XDocument.Load(path);
        string folder = Path.GetDirectoryName(path)!;
        return new ProjectDescription
        {
            Name = Path.GetFileNameWithoutExtension(path),
            AssemblyName = Property(project, "AssemblyName") ?? Path.GetFileNameWithoutExtension(path),
            IsExecutable = Property(project, "OutputType") == "Exe",
            References = [.. project.Descendants("ProjectReference").Select(item => Link(project, item))],
            Friends = [.. Includes(project, "InternalsVisibleTo")],
            GlobalUsings = [.. ImplicitUsings, .. Includes(project, "Using")],
            Sources = [.. Sources(folder).Select(file => new SourceText(file, File.ReadAllText(Path.Combine(folder, file))))],
        };
    }

    private static ProjectLink Link(XDocument project, XElement item)
    {
        string include = (string?)item.Attribute("Include") ?? "";
        string path = PropertyReference().Replace(include, match => Property(project, match.Groups[1].Value) ?? "");
        string name = Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));
        return new ProjectLink(name, (string?)item.Attribute("ReferenceOutputAssembly") != "false");
    }

    private static IEnumerable<string> Includes(XDocument project, string item) =>
        project.Descendants(item).Select(element => (string?)element.Attribute("Include")).OfType<string>();

    private static string? Property(XDocument project, string name) =>
        project.Descendants("PropertyGroup").Elements(name).FirstOrDefault()?.Value;

    private static IEnumerable<string> Sources(string folder) =>
        from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(folder, file).Replace('\\', '/')
        where !path.Split('/').Any(part => part is "bin" or "obj" or "node_modules")
        orderby path
        select path;

    [GeneratedRegex(@"\$\((\w+)\)")]
    private static partial Regex PropertyReference();
}
