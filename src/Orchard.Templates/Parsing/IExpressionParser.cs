using Orchard.Templates.Evaluation.Expressions;

namespace Orchard.Templates.Parsing;

/// <summary>Parses whole expressions, for the parsers of their parts.</summary>
internal interface IExpressionParser
{
    /// <summary>Parses one expression.</summary>
    /// <param name="allowsCondition">Whether the expression may be a conditional (<c>a if b</c>).</param>
    Expression Parse(bool allowsCondition = true);

    /// <summary>Parses one expression, or several separated by commas as a tuple.</summary>
    /// <param name="allowsCondition">Whether an expression may be a conditional.</param>
    /// <param name="isParenthesized">Whether the tuple is in parentheses, so that it may be empty.</param>
    /// <param name="endName">A name that ends the tuple; null for none.</param>
    Expression ParseTuple(bool allowsCondition = true, bool isParenthesized = false, string? endName = null);
}
