using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sepal.Graphs;
using Sepal.Onnx.Metadata;
using Sepal.Training.Losses;
using Sepal.Training.Optimizers;

namespace Sepal.Training.Checkpoints;

/// <summary>
/// What a run's results depend on, in words: written into its checkpoints, and compared when it is resumed. Threads and the
/// number of epochs are not among it.
/// </summary>
internal static class RunDescription
{
    // Enough to notice other data of the same count and shape, few enough to cost nothing.
    private const int SampledExamples = 16;

    public static IReadOnlyList<Setting> Of(Model model, Optimizer optimizer, Loss loss, Dataset dataset, FitOptions options, TeacherRun? teacher)
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            // Records write numbers in the current culture.
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return
            [
                new("optimizer", optimizer.Describe()),
                new("learning rate", optimizer.LearningRate.ToString()),
                new("loss", loss.Describe()),
                new("metrics", string.Join(", ", model.Metrics.Select(metric => metric.Name))),
                new("batch size", $"{options.BatchSize}"),
                new("seed", $"{options.Seed}"),
                new("shuffling", options.Shuffle ? "on" : "off"),
                new("class weights", options.ClassWeights is { } weights ? string.Join(", ", weights) : "none"),
                new("clip norm", Optional(options.ClipNorm)),
                new("weight average", Optional(options.WeightAverage)),
                new("callbacks", string.Join("; ", options.Callbacks.Select(callback => callback.Settings).Where(text => text is not null))),
                new("distillation", options.Distillation is { } distillation
                    ? $"temperature {distillation.Temperature}, alpha {distillation.Alpha}, teacher {teacher!.Describe(Sample(dataset, out _))}"
                    : "none"),
                new("training data", Of(dataset)),
                new("validation data", options.Validation is { } validation ? Of(validation) : "none"),
            ];
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    /// <summary>The model's parameters and nodes, a line each.</summary>
    public static IReadOnlyList<string> Of(Graph graph) =>
    [
        .. graph.Parameters.Select(parameter => string.Create(
            CultureInfo.InvariantCulture,
            $"{parameter.Name} {parameter.Shape}, {(parameter.Trainable ? "trainable" : "not trainable")}, L2 {parameter.L2}")),
        .. graph.Nodes.Select(node =>
            $"{node.Name}: {node.Operator.Name} {Attributes(node)} of {string.Join(", ", node.Inputs.Select(input => input.Name))}"),
    ];

    /// <summary>What differs between two runs, for a message; empty where nothing does.</summary>
    public static string Difference(CheckpointRecord checkpoint, IReadOnlyList<Setting> run, IReadOnlyList<string> model)
    {
        var differences = new List<string>();
        Dictionary<string, string> before = checkpoint.Run.ToDictionary(setting => setting.Name, setting => setting.Value);
        foreach (Setting setting in run)
        {
            string was = before.GetValueOrDefault(setting.Name, "none");
            if (was != setting.Value)
            {
                differences.Add($"{setting.Name} (checkpoint: {was}; now: {setting.Value})");
            }
        }

        for (int line = 0; line < Math.Max(model.Count, checkpoint.Model.Count); line++)
        {
            string was = checkpoint.Model.ElementAtOrDefault(line) ?? "nothing";
            string now = model.ElementAtOrDefault(line) ?? "nothing";
            if (was != now)
            {
                differences.Add($"the model (checkpoint: {was}; now: {now})");
                break;
            }
        }

        return string.Join("; ", differences);
    }

    private static string Attributes(Node node) =>
        OperatorAttributes.Knows(node.Operator.GetType()) ? OperatorAttributes.Write(node.Operator).GetRawText() : string.Empty;

    private static string Optional(double? number) => number is { } value ? $"{value}" : "none";

    private static string Of(Dataset dataset)
    {
        float[] inputs = Sample(dataset, out float[] targets);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<float>(inputs));
        hash.AppendData(MemoryMarshal.AsBytes<float>(targets));
        string digest = Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        return $"{dataset.Count} examples of {dataset.InputShape} with targets of {dataset.TargetShape}, sample {digest}";
    }

    private static float[] Sample(Dataset dataset, out float[] targets)
    {
        int[] sample =
        [
            .. Enumerable.Range(0, SampledExamples)
                .Select(index => (int)((long)index * (dataset.Count - 1) / (SampledExamples - 1)))
                .Distinct(),
        ];
        var inputs = new float[checked(sample.Length * (int)dataset.InputShape.ElementCount.Value)];
        targets = new float[checked(sample.Length * (int)dataset.TargetShape.ElementCount.Value)];
        dataset.Prepare(epoch: 0, sample, sample.Length);
        dataset.Read(sample, inputs, targets);
        return inputs;
    }
}
