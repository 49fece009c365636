using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Sepal.Onnx.Protocol;
using Xunit;

namespace Sepal.Tests.Onnx.Mutants;

/// <summary>
/// Whatever is done to a model file, reading and running it gives a result or a <see cref="SepalException"/>, soon, and in
/// bounded memory. <c>SEPAL_MUTANTS=20000</c> makes as many of each network; <c>SEPAL_MUTANTS_FROM</c> says with which seed
/// to begin.
/// </summary>
public sealed class MutantTests : IDisposable
{
    private const long MostBytesAbove = 1L << 30;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Names => [.. Corpus.Names];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mutant_gives_a_result_or_a_clear_error(string name)
    {
        byte[] honest = name == Corpus.External ? WithWeightsOutside(Corpus.Bytes(name)) : Corpus.Bytes(name);
        var mutator = new Mutator(honest);
        int from = Setting("SEPAL_MUTANTS_FROM", 0);
        int count = Setting("SEPAL_MUTANTS", 40);

        // In a short run other tests take memory at the same time.
        bool weighs = count >= 1000;
        Weigh(weighs);
        string? why = Try(name, honest);
        Assert.True(why is null, $"The honest file must run: {why}");
        long usual = weighs ? PeakMemory.Bytes() : 0;
        long most = usual;
        int ran = 0;
        for (int seed = from; seed < from + count; seed++)
        {
            Note(name, seed);
            byte[] mutant = mutator.Mutate(seed);
            Weigh(weighs && seed % 500 == 0);
            var watch = Stopwatch.StartNew();
            try
            {
                ran += Try(name, mutant) is null ? 1 : 0;
            }
#pragma warning disable CA1031 // Any other exception is the finding; it is reported with its seed.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Assert.Fail($"Mutant {seed} of {name}: {exception}");
            }

            Assert.True(watch.Elapsed < Patience, $"Mutant {seed} of {name} took {watch.Elapsed.TotalSeconds:0.0} s.");
            most = weighs ? Math.Max(most, PeakMemory.Bytes()) : 0;
            Assert.True(most - usual <= MostBytesAbove, $"At mutant {seed} of {name}, {most >> 20} MiB were in use; {usual >> 20} by the honest file.");
        }

        // Mutants that are all refused at the door would test nothing but the door.
        Assert.InRange(ran, count / 20, count);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{count} mutants of {name}: {ran} gave a result, {count - ran} an error; at most {most >> 20} MiB, the honest file {usual >> 20} MiB.");
    }

    /// <summary>Moves the initialisers into a file beside the model.</summary>
    private byte[] WithWeightsOutside(byte[] bytes)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(bytes);
        using FileStream weights = File.Create(_directory.File("weights.bin"));
        foreach (TensorProto tensor in model.Graph.Initializer)
        {
            StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Add(Entry("location", "weights.bin"));
            tensor.ExternalData.Add(Entry("offset", weights.Position.ToString(CultureInfo.InvariantCulture)));
            tensor.ExternalData.Add(Entry("length", tensor.RawData.Length.ToString(CultureInfo.InvariantCulture)));
            tensor.RawData.WriteTo(weights);
            tensor.ClearRawData();
        }

        return model.ToByteArray();
    }

    private static void Weigh(bool weighs)
    {
        if (weighs)
        {
            PeakMemory.Reset();
        }
    }

    private string? Try(string name, byte[] bytes)
    {
        if (name != Corpus.External)
        {
            return MutantRun.Try(bytes);
        }

        string path = _directory.File("model.onnx");
        File.WriteAllBytes(path, bytes);
        return MutantRun.Try(path);
    }

    /// <summary>Leaves the seed where it can be found after a crash of the process.</summary>
    private static void Note(string name, int seed)
    {
        if (Environment.GetEnvironmentVariable("SEPAL_MUTANTS_LOG") is { Length: > 0 } path)
        {
            File.WriteAllText(path, $"{name} {seed}\n");
        }
    }

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
