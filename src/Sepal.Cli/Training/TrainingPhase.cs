using Sepal.Graphs;

namespace Sepal.Cli.Training;

/// <summary>One fit of a run.</summary>
/// <param name="Trained">What is trained: the whole network, or a copy of it with frozen layers.</param>
/// <param name="Whole">The whole network, which files are written of, so that nothing in them is frozen.</param>
/// <param name="Settings">What the fit follows from.</param>
/// <param name="Checkpoints">Where its checkpoints go.</param>
internal sealed record TrainingPhase(Model Trained, Model Whole, TrainingSettings Settings, string Checkpoints)
{
    /// <summary>Gives the whole network what was learnt.</summary>
    public void CopyToWhole()
    {
        if (Trained == Whole)
        {
            return;
        }

        Dictionary<string, Parameter> learnt = Trained.Graph.Parameters.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
        foreach (Parameter parameter in Whole.Graph.Parameters)
        {
            Whole.SetParameter(parameter, Trained.GetParameter(learnt[parameter.Name]));
        }
    }
}
