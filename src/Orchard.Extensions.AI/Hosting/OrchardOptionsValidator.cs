using Microsoft.Extensions.Options;

namespace Orchard.Extensions.AI.Hosting;

/// <summary>Checks the ranges that the attributes of the options state, by generated code.</summary>
[OptionsValidator]
internal sealed partial class OrchardOptionsValidator : IValidateOptions<OrchardOptions>;
