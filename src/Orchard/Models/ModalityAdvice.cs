namespace Orchard.Models;

/// <summary>Says why a model does not take a kind of input, and what to do. Pure.</summary>
internal static class ModalityAdvice
{
    /// <summary>Returns the advice, as sentences.</summary>
    public static string Of(ModelInfo model, InputModalities missing)
    {
        string verb = missing == InputModalities.Audio ? "hear" : "see";
        string option = $"{nameof(ModelOptions)}.{nameof(ModelOptions.Projector)}";
        return model switch
        {
            { ProjectorProblem: { } problem } => $"The model '{model.Path}' cannot {verb}, because its projector is not used: {problem}",
            { Projector: { } projector } =>
                $"The model '{model.Path}' cannot {verb}: its projector '{projector}' is not made for that. Use another model.",
            _ => $"The model '{model.Path}' cannot {verb}: it has no projector. Put the projector (mmproj) that was made for it beside it, "
                + $"or name it with {option}; if there is none, use a model that can {verb}.",
        };
    }
}
