using System.Text.Json;
using Sepal.Cli.Framework;
using Sepal.Cli.Training;
using Sepal.Tests.Data;
using Xunit;

namespace Sepal.Tests.Cli.Training;

/// <summary><c>--class-weights balanced</c>.</summary>
public sealed class ClassWeightTests
{
    [Fact]
    public void Every_class_has_the_same_share_of_the_loss()
    {
        TrainingSettings settings = Settings("balanced");

        IReadOnlyList<float> weights = Optimization.ClassWeights(settings, [30, 10, 20])!;

        Assert.Equal([60 / 90f, 2, 1], weights);
        Assert.Equal([20f, 20f, 20f], weights.Zip([30, 10, 20], (weight, count) => weight * count));
        Assert.Null(Optimization.ClassWeights(Settings("none"), [30, 10, 20]));
    }

    [Fact]
    public void A_rare_class_is_as_likely_as_a_frequent_one_where_pictures_do_not_tell()
    {
        using var folder = new PictureFolder();
        for (int number = 0; number < 42; number++)
        {
            // All the same picture: nothing can be learnt but how likely the classes are.
            folder.WritePicture($"data/{(number < 36 ? 'a' : 'b')}/{number}.png", label: 0, classes: 2, seed: 1);
        }

        // The entropy of 36 : 6, and that of halves.
        Assert.Equal(0.41, Loss(folder, "none"), 0.06);
        Assert.Equal(0.69, Loss(folder, "balanced"), 0.06);
    }

    private static double Loss(PictureFolder folder, string weights)
    {
        (int exitCode, string output, string error) = CommandLine.Run(
            $"train --data {folder.Full("data")} --input 8x8x1 --epochs 60 --batch-size 42 --lr 0.02 --dropout 0 --validation-split 0"
            + $" --class-weights {weights} --out {folder.Full(weights)}");
        Assert.True(exitCode == ExitCodes.Done, error);
        (exitCode, output, error) = CommandLine.Run($"evaluate {folder.Full(weights)}/model.onnx --data {folder.Full("data")} --format json");
        Assert.True(exitCode == ExitCodes.Done, error);
        using JsonDocument json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("loss").GetDouble();
    }

    private static TrainingSettings Settings(string weights) => SomeSettings.Value with { ClassWeights = weights };
}
