// Turns a data set in MNIST's format into a folder of PNGs as 'sepal train' takes it: train, val and test, in each a folder a class.
//   dotnet run -c Release --project samples/IdxToFolder -- /usr/share/datasets/fashion-mnist runs/fashion
//   dotnet run -c Release --project samples/IdxToFolder -- data/mnist runs/digits-100 --per-class 100
using System.Collections.Immutable;
using System.Globalization;
using IdxToFolder;
using Sepal;
using Sepal.Data;

const string Usage = """
    Usage: IdxToFolder SOURCE TARGET [--per-class N] [--validation N] [--classes NAME,NAME,…] [--only NAME,NAME,…]

      SOURCE        a directory with the four files of MNIST, Fashion-MNIST or another set in that format
      TARGET        the folder to be made; it must not hold anything yet
      --per-class   images of each class to train on; all where not given
      --validation  further images of each class, held out of the training set for val; 0, so no val folder, where not given
      --classes     what the classes are called, in the order of their numbers; the garments' names where SOURCE has 'fashion'
                    in its name, numbers otherwise
      --only        the classes to take, by what they are called; all where not given
    """;

try
{
    FolderOptions options = FolderOptions.Parse(args);
    (IdxDataset train, IdxDataset test) = Mnist.Load(options.Source, options.ClassNames);
    ImmutableHashSet<int> labels = ClassSplit.Labels(train.ClassNames, options.Only);
    (ImmutableArray<int> training, ImmutableArray<int> validation) = ClassSplit.Take(train, labels, options.PerClass, options.Validation);
    int[] testing = [.. Enumerable.Range(0, test.Count).Where(image => labels.Contains(test.Label(image)))];

    var folder = new PngFolder(options.Target);
    folder.Write("train", train, training);
    folder.Write("val", train, validation);
    folder.Write("test", test, testing);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{options.Target}: {labels.Count} classes; {training.Length:N0} images in train, {validation.Length:N0} in val, {testing.Length:N0} in test."));
    return 0;
}
catch (UsageException error)
{
    await Console.Error.WriteLineAsync($"IdxToFolder: {error.Message}\n\n{Usage}");
    return 2;
}
catch (SepalException error)
{
    await Console.Error.WriteLineAsync($"IdxToFolder: {error.Message}");
    return 2;
}
catch (Exception error) when (error is IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"IdxToFolder: {error.Message}");
    return 1;
}
