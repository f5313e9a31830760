using Orchard.Engine.Output.Items;

namespace Orchard.Engine.Output;

/// <summary>Creates output parsers.</summary>
internal static class OutputParsers
{
    /// <summary>Creates the parser of one sequence's output.</summary>
    public static OutputParser Create(OutputSyntax syntax, IOutputItems items) =>
        syntax.HasChannels ? new ChannelParser(syntax.Tools, items) : new TagParser(syntax, items);
}
