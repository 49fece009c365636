using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Training.Initializers;
using Xunit;

namespace Sepal.Tests.Operators;

/// <summary>What an operand is to the graph.</summary>
internal enum OperandKind
{
    /// <summary>An image or a feature map, batch first.</summary>
    Data,

    /// <summary>A trainable parameter.</summary>
    Weight,

    /// <summary>A parameter that is not trained.</summary>
    State,
}

/// <summary>One operand of the operator under test, with its numbers.</summary>
internal sealed record Operand(int[] Shape, float[] Values, OperandKind Kind = OperandKind.Data);

/// <summary>A slow, obvious forward pass in double precision: the operands to the output.</summary>
internal delegate double[] ReferenceFunction(double[][] operands);

/// <summary>
/// Checks one operator in plans of its own: its results against a reference, its gradients against the reference's finite
/// differences, and its bits against every other way of running the same numbers.
/// </summary>
/// <remarks>
/// Data pass through a rescaling by 1 before the operator, and so does its result: then the operator's buffers are the arena's
/// to plan, not kept from the start or to the end. In training data come from a parameter, so that gradients are asked for.
/// </remarks>
internal sealed class OperatorHarness(Operator @operator, params Operand[] operands)
{
    private const string Output = "output";
    private const int SampledElements = 24;

    /// <summary>Terms in the longest sum behind an element of the output or of a gradient, for tolerances.</summary>
    public long Terms { get; init; } = 1;

    /// <summary>Step of the finite differences; operands stay farther than this from kinks.</summary>
    public double Step { get; init; } = 1e-5;

    /// <summary>Whether the first axis of the data is the batch, of a size that is open until the plan is made.</summary>
    public bool OpenBatch { get; init; } = true;

    /// <summary>The images of the operands that are not repeated along the batch.</summary>
    private int Batch => operands.Where(IsFullRank).Max(operand => operand.Shape[0]);

    public override string ToString() =>
        $"{@operator} on {string.Join(", ", operands.Select(operand => $"[{string.Join('×', operand.Shape)}]"))}";

    /// <summary>All checks.</summary>
    public void Check(ReferenceFunction reference)
    {
        CheckInference(reference);
        CheckTraining(reference);
        if (Batch > 1)
        {
            CheckBatchSplits();
        }
    }

    /// <summary>The inference plan's result against the reference, and the same bits however it is run.</summary>
    public void CheckInference(ReferenceFunction reference)
    {
        double[] expected = reference(Doubles());
        float[] actual = Infer(new RunOptions());
        Comparer.AssertClose(expected, actual, Terms, [expected.Length], $"{this}, inference");
        foreach (RunOptions options in RunOptions.Variants)
        {
            Comparer.AssertSameBits(actual, Infer(options), [actual.Length], $"{this}, inference, {options}");
        }
    }

    /// <summary>The training plan's result and gradients against the reference, and the same bits however it is run.</summary>
    public void CheckTraining(ReferenceFunction reference)
    {
        double[][] numbers = Doubles();
        double[] expected = reference(numbers);
        float[] outputGradient = TestNumbers.Uniform(new Random(expected.Length), expected.Length);
        TrainingRun run = Train(outputGradient, new RunOptions());
        Comparer.AssertClose(expected, run.Outputs[0], Terms, [expected.Length], $"{this}, training");
        for (int index = 0; index < operands.Length; index++)
        {
            if (operands[index].Kind != OperandKind.State)
            {
                CheckGradient(reference, numbers, outputGradient, index, run.Gradients[Name(index)]);
            }
        }

        foreach (RunOptions options in RunOptions.Variants)
        {
            AssertSame(run, Train(outputGradient, options), $"{this}, training, {options}");
        }
    }

    /// <summary>A batch gives the same bits as its images one by one.</summary>
    public void CheckBatchSplits()
    {
        int batch = Batch;
        float[] together = Infer(new RunOptions());
        float[] apart = [.. Enumerable.Range(0, batch).SelectMany(image => Image(image, batch).Infer(new RunOptions()))];
        Comparer.AssertSameBits(together, apart, [batch, together.Length / batch], $"{this}, image by image");
    }

    /// <summary>Runs the inference plan.</summary>
    public float[] Infer(RunOptions options) =>
        GraphHarness.Infer(BuildGraph(training: false), Values(), Batch, options)[0];

    /// <summary>Runs the training plan.</summary>
    public TrainingRun Train(float[] outputGradient, RunOptions options) =>
        GraphHarness.Train(BuildGraph(training: true), Values(), [outputGradient], Batch, options);

    /// <summary>The name of an operand's parameter or input.</summary>
    public static string Name(int operand) => $"operand_{operand}";

    /// <summary>Fails unless two training steps left the same bits.</summary>
    public static void AssertSame(TrainingRun expected, TrainingRun actual, string what)
    {
        for (int index = 0; index < expected.Outputs.Length; index++)
        {
            float[] output = expected.Outputs[index];
            Comparer.AssertSameBits(output, actual.Outputs[index], [output.Length], $"{what}, output {index}");
        }

        foreach ((string name, float[] gradient) in expected.Gradients)
        {
            Comparer.AssertSameBits(gradient, actual.Gradients[name], [gradient.Length], $"{what}, gradient by {name}");
        }

        foreach ((string name, float[] numbers) in expected.Parameters)
        {
            Comparer.AssertSameBits(numbers, actual.Parameters[name], [numbers.Length], $"{what}, {name}");
        }
    }

    private void CheckGradient(
        ReferenceFunction reference, double[][] numbers, float[] outputGradient, int operand, float[] gradient)
    {
        double Loss() => reference(numbers).Zip(outputGradient, (value, weight) => value * weight).Sum();

        double[] values = numbers[operand];
        int[] sampled = values.Length <= SampledElements
            ? [.. Enumerable.Range(0, values.Length)]
            : [0, values.Length - 1, .. Enumerable.Range(1, SampledElements).Select(sample => (int)(sample * 7919L % values.Length))];
        var expected = new double[sampled.Length];
        var actual = new float[sampled.Length];
        for (int sample = 0; sample < sampled.Length; sample++)
        {
            ref double value = ref values[sampled[sample]];
            double kept = value;
            value = kept + Step;
            double above = Loss();
            value = kept - Step;
            double below = Loss();
            value = kept;
            expected[sample] = (above - below) / (2 * Step);
            actual[sample] = gradient[sampled[sample]];
        }

        Assert.DoesNotContain(gradient, float.IsNaN);
        string where = $"{this}, gradient by operand {operand} at elements {string.Join(", ", sampled)}";
        Comparer.AssertClose(expected, actual, Terms + 16, [sampled.Length], where);
    }

    private bool IsFullRank(Operand operand) =>
        operand.Kind == OperandKind.Data && operand.Shape.Length == operands.Max(other => other.Shape.Length);

    private Graph BuildGraph(bool training)
    {
        var builder = new GraphBuilder();
        Value[] inputs = [.. operands.Select((operand, index) => Declare(builder, operand, index, training))];
        Value result = builder.Add("operator", @operator, [.. inputs]).Output;
        return builder.Build(builder.Add(Output, new Rescaling(1), [result]).Output);
    }

    private Value Declare(GraphBuilder builder, Operand operand, int index, bool training)
    {
        var shape = new Shape([.. operand.Shape.Select(dimension => (Dimension)dimension)]);
        if (operand.Kind != OperandKind.Data)
        {
            return builder.Parameter(Name(index), shape, Constant.Zeros, trainable: operand.Kind == OperandKind.Weight);
        }

        bool hasBatch = OpenBatch && IsFullRank(operand) && operand.Shape[0] == Batch;
        Value source = training
            ? builder.Parameter(Name(index), shape, Constant.Zeros)
            : builder.Input(Name(index), new TensorSpec(hasBatch ? shape.WithoutBatch().WithBatch() : shape));
        return builder.Add($"before_{index}", new Rescaling(1), [source]).Output;
    }

    private Dictionary<string, float[]> Values() =>
        operands.Select((operand, index) => (Name(index), operand.Values)).ToDictionary(pair => pair.Item1, pair => pair.Values);

    private double[][] Doubles() =>
        [.. operands.Select(operand => Array.ConvertAll(operand.Values, value => (double)value))];

    private OperatorHarness Image(int image, int batch) => new(@operator, [.. operands.Select(operand =>
    {
        if (!IsFullRank(operand) || operand.Shape[0] != batch)
        {
            return operand;
        }

        int length = operand.Values.Length / batch;
        return operand with { Shape = [1, .. operand.Shape[1..]], Values = operand.Values[(image * length)..((image + 1) * length)] };
    })]);
}
