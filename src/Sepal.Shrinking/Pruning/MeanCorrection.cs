using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;

namespace Sepal.Shrinking;

/// <summary>
/// What layers lose on average with the channels that go, and where it is added: to their bias, to the mean of the batch
/// normalisation behind, or as a new bias. At borders with padding it is not exact.
/// </summary>
internal sealed class MeanCorrection
{
    private readonly Dictionary<Parameter, double[]> _changes = [];
    private readonly Dictionary<Node, float[]> _biases = [];

    /// <summary>Computes what is lost.</summary>
    public MeanCorrection(ChannelFlow flow, HashSet<int> removed, Model model, ChannelStatistics statistics)
    {
        foreach (ChannelReader reader in flow.Readers)
        {
            if (reader.Channels?.Any(channel => removed.Contains(flow.Classes.Find(channel))) == true)
            {
                double[] means = statistics.Means(reader.Node.Inputs[0]);
                double[] lost = Lost(reader, model, channel => removed.Contains(flow.Classes.Find(reader.Channels[channel])) ? means[channel] : 0);
                if (lost.Any(value => value != 0))
                {
                    Place(flow.Graph, reader.Node, lost);
                }
            }
        }
    }

    /// <summary>Changes a parameter, before channels are left out of it.</summary>
    public void Correct(Parameter parameter, float[] numbers)
    {
        if (_changes.TryGetValue(parameter, out double[]? change))
        {
            for (int index = 0; index < numbers.Length; index++)
            {
                numbers[index] = (float)(numbers[index] + change[index]);
            }
        }
    }

    /// <summary>The bias that a layer gets which had none; null for none.</summary>
    public float[]? NewBias(Node node) => _biases.GetValueOrDefault(node);

    private static double[] Lost(ChannelReader reader, Model model, Func<int, double> mean)
    {
        Value kernel = reader.Node.Inputs[1];
        ReadOnlySpan<float> weights = StoredNumbers.Read(model, kernel);
        int inputs = (int)kernel.Shape[reader.InputAxis].Value;
        int outputs = (int)kernel.Shape[reader.InputAxis + 1].Value;
        double[] means = [.. Enumerable.Range(0, inputs).Select(mean)];
        var lost = new double[outputs];
        for (int index = 0; index < weights.Length; index++)
        {
            lost[index % outputs] += means[index / outputs % inputs] * weights[index];
        }

        return lost;
    }

    private void Place(Graph graph, Node node, double[] lost)
    {
        if (node.Inputs is [_, _, Parameter bias] && graph.OnlyReader(bias) is not null)
        {
            _changes[bias] = lost;
        }
        else if (graph.OnlyReader(node.Output) is { Operator: BatchNormalization } normalization
            && normalization.Inputs[3] is Parameter mean && graph.OnlyReader(mean) is not null)
        {
            // What comes in is less by what was lost: so is the mean that is taken off it.
            _changes[mean] = [.. lost.Select(value => -value)];
        }
        else if (node.Inputs.Length == 2)
        {
            _biases[node] = [.. lost.Select(value => (float)value)];
        }
    }
}
