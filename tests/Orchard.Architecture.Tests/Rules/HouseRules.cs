namespace Orchard.Architecture.Tests.Rules;

/// <summary>The rules for the product code, with their limits and tables.</summary>
internal static class HouseRules
{
    /// <summary>The most lines of a file.</summary>
    public const int FileLines = 400;

    /// <summary>The most lines of a folder of the client.</summary>
    public const int FolderLines = 3000;

    /// <summary>The most columns of a line.</summary>
    public const int Columns = 140;

    /// <summary>The most parameters of a method.</summary>
    public const int Parameters = 7;

    /// <summary>For each project the projects it may reference.</summary>
    public static IReadOnlyDictionary<string, string[]> References { get; } = new Dictionary<string, string[]>
    {
        ["Orchard.Protocol"] = [],
        ["Orchard.Templates"] = [],
        ["Orchard.Grammars"] = [],
        ["Orchard.Hub"] = [],
        ["Orchard.StarterModel"] = [],
        ["Orchard.StarterEmbeddings"] = [],
        ["Orchard.StarterVision"] = [],
        ["Orchard.Engine"] = ["Orchard.Protocol", "Orchard.Grammars"],
        ["Orchard.Engine.Package"] = ["Orchard.Engine"],
        ["Orchard.Engine.Vulkan"] = [],
        ["Orchard.Engine.Media"] = [],
        ["Orchard.Engine.Cuda"] = [],
        ["Orchard"] = ["Orchard.Protocol", "Orchard.Templates", "Orchard.Grammars", "Orchard.Hub", "Orchard.Engine.Package", "Orchard.StarterModel"],
        ["Orchard.Extensions.AI"] = ["Orchard"],
        ["Orchard.Remote"] = ["Orchard", "Orchard.Protocol"],
        ["Orchard.Server"] = ["Orchard", "Orchard.Extensions.AI"],
        ["Orchard.Aspire.Hosting"] = [],
        ["Orchard.Cli"] = ["Orchard", "Orchard.Hub", "Orchard.Protocol", "Orchard.Server"],
        ["Orchard.Testing"] = ["Orchard", "Orchard.Protocol"],
    };

    /// <summary>Every rule by its name.</summary>
    public static IReadOnlyDictionary<string, IRule> All { get; } = new Dictionary<string, IRule>(LayerRules())
    {
        ["project references"] = new ProjectGraphRule(References),
        ["import loops"] = new ImportLoopRule(),
        ["file length"] = new FileLengthRule(FileLines),
        ["folder size"] = new FolderSizeRule("Orchard", FolderLines),
        ["parameters"] = new ParameterCountRule(Parameters),
        ["positional records"] = new PositionalRecordRule("Orchard"),
        ["namespaces"] = new NamespaceRule("Orchard"),
        ["public types of Orchard.Protocol"] = new PublicTypeRule("Orchard.Protocol"),
        ["public types of Orchard.Templates"] = new PublicTypeRule("Orchard.Templates"),
        ["public types of Orchard.Grammars"] = new PublicTypeRule("Orchard.Grammars"),
        ["public types of Orchard.Hub"] = new PublicTypeRule("Orchard.Hub"),
        ["sealed types"] = new SealedTypeRule("Orchard"),
        ["one root of exceptions"] = new ExceptionRootRule("Orchard", "Orchard.OrchardException"),
        ["unused types"] = new UnusedTypeRule(),
        ["line length"] = new LineLengthRule(Columns),
    };

    private static Dictionary<string, IRule> LayerRules() =>
        HouseLayers.All.ToDictionary(table => $"layers of {table.Project}", IRule (table) => new LayerRule(table));
}
