using Sepal.Cli.Training;

namespace Sepal.Tests.Cli.Training;

/// <summary>Settings of a training run without data or network, for tests of what follows from settings.</summary>
internal static class SomeSettings
{
    public static TrainingSettings Value { get; } = new()
    {
        Data = string.Empty,
        Model = string.Empty,
        Input = [8, 8, 1],
        ValidationSplit = 0,
        Epochs = 1,
        BatchSize = 1,
        Optimizer = "adam",
        LearningRate = 1,
        Schedule = "constant",
        Seed = 0,
        Preprocessing = string.Empty,
    };
}
