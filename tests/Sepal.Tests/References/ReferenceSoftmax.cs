namespace Sepal.Tests.References;

/// <summary>Softmax over rows.</summary>
internal static class ReferenceSoftmax
{
    public static double[] Forward(double[] input, int rowLength) =>
        [.. input.Chunk(rowLength).SelectMany(row =>
        {
            double largest = row.Max();
            double sum = row.Sum(value => Math.Exp(value - largest));
            return row.Select(value => Math.Exp(value - largest) / sum);
        })];
}
