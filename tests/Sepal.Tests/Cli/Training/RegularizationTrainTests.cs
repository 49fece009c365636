using System.Globalization;
using Sepal.Cli.Framework;
using Sepal.Onnx;
using Sepal.Tests.Data;
using Xunit;

namespace Sepal.Tests.Cli.Training;

/// <summary>The options of <c>sepal train</c> that keep a network from learning too much: each does in a run what it says.</summary>
public sealed class RegularizationTrainTests : IDisposable
{
    private readonly PictureFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_small_norm_of_the_gradients_keeps_the_weights_where_they_began()
    {
        float[] start = Weights(Train("start", "--optimizer sgd --lr 1e-12"));

        Assert.InRange(Distance(start, Weights(Train("clipped", "--optimizer sgd --clip-norm 1e-6"))), 0, 1e-5);
        Assert.InRange(Distance(start, Weights(Train("plain", "--optimizer sgd"))), 1e-3, double.PositiveInfinity);
    }

    [Fact]
    public void Averaged_weights_are_written_and_lag_behind_those_that_are_trained()
    {
        string plain = Train("plain", "--lr 0.01");
        string averaged = Train("averaged", "--lr 0.01 --average 0.99");
        float[] start = Weights(Train("start", "--optimizer sgd --lr 1e-12"));

        Assert.Equal(Losses(plain), Losses(averaged));
        Assert.InRange(Distance(start, Weights(averaged)) / Distance(start, Weights(plain)), 0.01, 0.7);
    }

    [Fact]
    public void Training_stops_when_the_validation_accuracy_no_longer_rises_though_the_loss_falls()
    {
        for (int number = 0; number < 12; number++)
        {
            // All the same picture: the loss falls as the network learns which class is frequent, and half of the rest stay wrong.
            _folder.WritePicture($"alike/train/{(number < 10 ? 'a' : 'b')}/{number}.png", label: 0, classes: 2, seed: 1);
            _folder.WritePicture($"alike/val/{(number < 6 ? 'a' : 'b')}/{number}.png", label: 0, classes: 2, seed: 1);
        }

        string run = Train("stopped", "--lr 0.002 --schedule constant --dropout 0 --early-stopping 2", data: "alike", epochs: 8);

        // The first epoch counts as the best, and two more are borne.
        double[] losses = Losses(run);
        Assert.Equal(3, losses.Length);
        Assert.Equal(losses.OrderDescending(), losses);
    }

    private static float[] Weights(string run)
    {
        using Model model = OnnxModel.Import(Path.Combine(run, "last.onnx"));
        return
        [
            .. model.Graph.Parameters.Where(parameter => parameter.Trainable).SelectMany(parameter => model.GetParameter(parameter).ToArray()),
        ];
    }

    private static double[] Losses(string run) =>
    [
        .. File.ReadAllLines(Path.Combine(run, "history.csv")).Skip(1).Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)),
    ];

    private static double Distance(float[] left, float[] right) => Math.Sqrt(left.Zip(right, (x, y) => Math.Pow((double)x - y, 2)).Sum());

    private string Train(string name, string options, string data = "pictures", int epochs = 2)
    {
        if (data == "pictures" && !Directory.Exists(_folder.Full(data)))
        {
            _folder.WriteClasses(data, 2, 24);
        }

        string run = _folder.Full(name);
        (int exitCode, _, string error) = CommandLine.Run(
            $"train --data {_folder.Full(data)} --input 8x8x1 --epochs {epochs} --batch-size 12 {options} --out {run}");
        Assert.True(exitCode == ExitCodes.Done, error);
        return run;
    }
}
