using Sepal.Cli.TensorBoard;
using Sepal.Cli.TensorBoard.Protocol;
using Xunit;

namespace Sepal.Tests.Cli.Training;

/// <summary>Reads the one file of curves that a directory has.</summary>
internal static class EventFileReader
{
    public static IEnumerable<int> Steps(string directory)
    {
        ReadOnlyMemory<byte> bytes = File.ReadAllBytes(Assert.Single(Directory.GetFiles(directory)));
        var steps = new List<int>();
        while (TfRecord.Read(bytes, out ReadOnlyMemory<byte> data) is var length and > 0)
        {
            steps.Add((int)Event.Parser.ParseFrom(data.Span).Step);
            bytes = bytes[length..];
        }

        Assert.True(bytes.IsEmpty, "The file ends in something that is no record.");
        return steps;
    }
}
