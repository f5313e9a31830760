using System.Text.Json;
using Orchard;
using Orchard.Extensions.AI;

namespace Microsoft.Extensions.AI;

/// <summary>Creates tools from functions, for <see cref="Client"/>'s <c>RunToolsAsync</c>.</summary>
public static class OrchardToolExtensions
{
    extension(Tool)
    {
        /// <summary>Creates a tool from any method or lambda, whose parameters become the arguments.</summary>
        /// <remarks>
        /// <see cref="AIFunctionFactory"/> makes the schema from the parameters and their <c>Description</c> attributes. Parameters of
        /// type <see cref="CancellationToken"/> are filled in and not part of it. With native AOT, <paramref name="serializerOptions"/>
        /// must have a contract for each other type; <c>Tool.Create</c> with source-generated contracts needs no reflection.
        /// </remarks>
        /// <param name="function">The function, which may return a task. It becomes the <see cref="Tool.Handler"/>.</param>
        /// <param name="name">Name of the tool (default: null, the name of the method).</param>
        /// <param name="description">
        /// What the tool does, written for the model (default: null, the method's <c>Description</c> attribute).
        /// </param>
        /// <param name="serializerOptions">
        /// How arguments and results are converted (default: null, <see cref="AIJsonUtilities.DefaultOptions"/>).
        /// </param>
        /// <returns>The tool.</returns>
        /// <exception cref="ArgumentException">A parameter has no name, or a type without a JSON contract.</exception>
        public static Tool Create(
            Delegate function, string? name = null, string? description = null, JsonSerializerOptions? serializerOptions = null) =>
            Create(AIFunctionFactory.Create(function, name, description, serializerOptions));

        /// <summary>Creates a tool from a function of Microsoft.Extensions.AI, such as a tool of an MCP server.</summary>
        /// <param name="function">
        /// The function. It becomes the <see cref="Tool.Handler"/>. A name that models cannot write is changed.
        /// </param>
        /// <returns>The tool.</returns>
        /// <exception cref="ArgumentException">The schema of the function is invalid.</exception>
        public static Tool Create(AIFunction function)
        {
            ArgumentNullException.ThrowIfNull(function);
            return ToolMapping.ToTool(function);
        }
    }
}
