using Orchard.Templates.Evaluation.Statements;

namespace Orchard.Templates.Parsing;

/// <summary>Parses the body of a block, for the parsers of statements.</summary>
internal interface IBlockParser
{
    /// <summary>
    /// Parses the rest of an opening tag and the body up to one of the end tags. With several end tags, the one found becomes the current
    /// token.
    /// </summary>
    Statement[] ParseBlock(params string[] endTags);
}
