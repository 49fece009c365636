using Sepal.Graphs;

namespace Sepal.Shrinking;

/// <summary>How much each class of channels matters; the least goes first.</summary>
internal static class ChannelScores
{
    /// <summary>Scores by <see cref="ChannelScore.BatchNormalizationScale"/>; classes without a batch normalisation have none.</summary>
    public static Dictionary<int, double> OfScales(ChannelFlow flow, Model model)
    {
        var totals = new Dictionary<int, (double Sum, int Count)>();
        foreach ((Node node, int[] channels) in flow.Normalizations)
        {
            if (node.Inputs[1] is not Parameter parameter)
            {
                continue;
            }

            ReadOnlySpan<float> scales = model.GetParameter(parameter);
            for (int channel = 0; channel < channels.Length; channel++)
            {
                Add(totals, flow.Classes.Find(channels[channel]), Math.Abs(scales[channel]));
            }
        }

        return Means(totals);
    }

    /// <summary>Scores by <see cref="ChannelScore.ActivationEnergy"/>: 1 is a layer's average.</summary>
    /// <param name="flow">The channels.</param>
    /// <param name="model">The model.</param>
    /// <param name="statistics">Of what the layers read.</param>
    /// <param name="keepsMeans">Whether removed channels' means are made up for, so that only what varies is lost.</param>
    public static Dictionary<int, double> OfEnergies(ChannelFlow flow, Model model, ChannelStatistics statistics, bool keepsMeans)
    {
        var totals = new Dictionary<int, (double Sum, int Count)>();
        foreach (ChannelReader reader in flow.Readers.Where(reader => reader.Channels is not null))
        {
            double[] weights = SquaredWeights(reader, model);
            double[] variances = statistics.Variances(reader.Node.Inputs[0]);
            double[] means = statistics.Means(reader.Node.Inputs[0]);
            var shares = new Dictionary<int, double>();
            double all = 0;
            for (int channel = 0; channel < weights.Length; channel++)
            {
                double energy = weights[channel] * (variances[channel] + (keepsMeans ? 0 : means[channel] * means[channel]));
                int @class = flow.Classes.Find(reader.Channels![channel]);
                shares[@class] = shares.GetValueOrDefault(@class) + energy;
                all += energy;
            }

            foreach ((int @class, double share) in shares)
            {
                Add(totals, @class, all > 0 ? share * shares.Count / all : 0);
            }
        }

        return Means(totals);
    }

    /// <summary>The sum of the squares of the weights that each input channel meets.</summary>
    private static double[] SquaredWeights(ChannelReader reader, Model model)
    {
        Value kernel = reader.Node.Inputs[1];
        ReadOnlySpan<float> weights = StoredNumbers.Read(model, kernel);
        int inputs = (int)kernel.Shape[reader.InputAxis].Value;
        int outputs = (int)kernel.Shape[reader.InputAxis + 1].Value;
        var sums = new double[inputs];
        for (int index = 0; index < weights.Length; index++)
        {
            sums[index / outputs % inputs] += (double)weights[index] * weights[index];
        }

        return sums;
    }

    private static void Add(Dictionary<int, (double Sum, int Count)> totals, int @class, double score)
    {
        (double sum, int count) = totals.GetValueOrDefault(@class);
        totals[@class] = (sum + score, count + 1);
    }

    private static Dictionary<int, double> Means(Dictionary<int, (double Sum, int Count)> totals) =>
        totals.ToDictionary(pair => pair.Key, pair => pair.Value.Sum / pair.Value.Count);
}
