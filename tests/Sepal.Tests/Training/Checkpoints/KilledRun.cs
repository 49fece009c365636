using System.Text.Json;
using Sepal.Training.Checkpoints;
using Xunit;

namespace Sepal.Tests.Training.Checkpoints;

/// <summary>One process of the run that <see cref="KillTests"/> kills. Does nothing where it is not told a directory.</summary>
public sealed class KilledRun
{
    internal const string Variable = "SEPAL_TEST_KILLED_RUN";
    internal const string StepsFile = "steps";
    internal const string OutcomeFile = "outcome.json";

    [Fact]
    public void Run()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } directory)
        {
            return;
        }

        Outcome outcome = Plan(
            new CheckpointOptions { Directory = Path.Combine(directory, "checkpoints"), EverySteps = 1 },
            () =>
            {
                File.AppendAllText(Path.Combine(directory, StepsFile), ".");
                Thread.Sleep(5);
            }).Run();
        File.WriteAllText(Path.Combine(directory, OutcomeFile), JsonSerializer.Serialize(outcome));
    }

    internal static CheckpointedRun Plan(CheckpointOptions? checkpoints, Action afterStep) => new()
    {
        Epochs = 12,
        Checkpoints = checkpoints,
        Resume = checkpoints is not null,
        AfterStep = _ => afterStep(),
    };
}
