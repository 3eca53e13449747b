"""The data sets that come with underhood: where each is from, what may be done with it, what every column means."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from textwrap import fill
from typing import ClassVar

from underhood._results import Result, html_table

__all__ = ["CATALOGUE", "DataSet", "DataSetColumn"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DataSetColumn(Result):
    """One column of a data set: its ``name``, ``kind`` (number, whole number or text), ``unit`` and ``description``."""

    name: str
    kind: str
    unit: str
    description: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DataSet(Result):
    """What is known of a data set besides its values.

    Attributes
    ----------
    name, title, description : str
        What it is called, in one line, and in a few.
    rows : int
        Number of observations.
    target : str
        The column that one usually wants to predict.
    columns : tuple of DataSetColumn
        Every column in order, with unit and meaning.
    source, citation, licence : str
        Where the values are from, whom to cite, and on which terms they may be passed on.
    """

    _unpack: ClassVar[tuple[str, ...]] = ()
    name: str
    title: str
    description: str
    rows: int
    target: str
    columns: tuple[DataSetColumn, ...]
    source: str
    citation: str
    licence: str

    def _title(self) -> str:
        return f"{self.name}: {self.title}"

    def _repr_html_(self) -> str:
        facts = html_table(
            None, [(label, text.replace("\n", " ")) for label, text in self._rows() if label != "columns"], "ll"
        )
        cells = [[column.name, column.unit, column.description] for column in self.columns]
        return f"<p><b>{escape(self._title())}</b></p>{facts}{html_table(['column', 'unit', 'meaning'], cells, 'lll')}"

    def _rows(self) -> list[tuple[str, str]]:
        width = max(len(column.name) for column in self.columns)
        shown = [
            f"{column.name:<{width}}  {column.description}" + (f" [{column.unit}]" if column.unit else "")
            for column in self.columns
        ]
        return [
            ("about", _wrap(self.description)),
            ("rows", str(self.rows)),
            ("target", self.target),
            ("columns", "\n".join(shown)),
            ("source", _wrap(self.source)),
            ("citation", _wrap(self.citation)),
            ("licence", _wrap(self.licence)),
        ]


def _wrap(text: str) -> str:
    return fill(text, 84, break_long_words=False, break_on_hyphens=False)


def _number(name: str, unit: str, description: str) -> DataSetColumn:
    return DataSetColumn(name, "number", unit, description)


def _whole(name: str, unit: str, description: str) -> DataSetColumn:
    return DataSetColumn(name, "whole number", unit, description)


def _text(name: str, description: str) -> DataSetColumn:
    return DataSetColumn(name, "text", "", description)


_PENGUINS = DataSet(
    name="penguins",
    title="Palmer penguins: three species on three islands",
    description="Size measurements of adult penguins foraging near Palmer Station, Antarctica, 2007 to 2009. Two birds "
    "were not measured at all and the sex of some others is not known: a first data set with missing values.",
    rows=344,
    target="species",
    columns=(
        _text("species", "Adelie, Chinstrap or Gentoo"),
        _text("island", "Biscoe, Dream or Torgersen, in the Palmer Archipelago"),
        _number("bill_length_mm", "mm", "length of the bill, along its upper ridge (the culmen)"),
        _number("bill_depth_mm", "mm", "depth of the bill"),
        _whole("flipper_length_mm", "mm", "length of the flipper"),
        _whole("body_mass_g", "g", "body mass"),
        _text("sex", "female or male, from blood; missing where it was not determined"),
        _whole("year", "", "year of the study"),
    ),
    source="Palmer Station Long Term Ecological Research (LTER) and Kristen Gorman, by way of the palmerpenguins "
    "packages "
    "of Allison Horst, Alison Hill and Kristen Gorman (https://allisonhorst.github.io/palmerpenguins/).",
    citation="Gorman KB, Williams TD, Fraser WR (2014). Ecological sexual dimorphism and environmental variability "
    "within "
    "a community of Antarctic penguins (genus Pygoscelis). PLoS ONE 9(3): e90081. "
    "https://doi.org/10.1371/journal.pone.0090081",
    licence="CC0 1.0 (no rights reserved).",
)

_IRIS = DataSet(
    name="iris",
    title="Fisher's irises: three species, four measurements",
    description="Sepals and petals of 50 flowers of each of three species, measured by Edgar Anderson and published by "
    "R. A. Fisher in 1936. Setosa can be separated from the others by a straight line; the other two overlap. These "
    "are "
    "the values of Fisher's paper (as in R); the copy at UCI differs in two rows.",
    rows=150,
    target="species",
    columns=(
        _number("sepal_length_cm", "cm", "length of the sepal"),
        _number("sepal_width_cm", "cm", "width of the sepal"),
        _number("petal_length_cm", "cm", "length of the petal"),
        _number("petal_width_cm", "cm", "width of the petal"),
        _text("species", "setosa, versicolor or virginica"),
    ),
    source="UCI Machine Learning Repository, https://doi.org/10.24432/C56C76, corrected to Fisher's paper in "
    "scikit-learn.",
    citation="Fisher RA (1936). The use of multiple measurements in taxonomic problems. Annals of Eugenics 7(2), "
    "179-188. "
    "https://doi.org/10.1111/j.1469-1809.1936.tb02137.x",
    licence="CC BY 4.0 (as published by the UCI Machine Learning Repository).",
)

_WINE = DataSet(
    name="wine",
    title="Chemical analysis of Italian wines from three cultivars",
    description="Thirteen constituents of wines that were grown in one region of Italy but come from three cultivars. "
    "The "
    "columns differ in size by a factor of a thousand, which makes it a good example of what standardising does.",
    rows=178,
    target="cultivar",
    columns=(
        _number("alcohol", "unit not stated; of the size of % by volume", "alcohol"),
        _number("malic_acid", "unit not stated", "malic acid"),
        _number("ash", "unit not stated", "ash"),
        _number("alcalinity_of_ash", "unit not stated", "alcalinity of the ash"),
        _number("magnesium", "unit not stated", "magnesium"),
        _number("total_phenols", "unit not stated", "total phenols"),
        _number("flavanoids", "unit not stated", "flavanoids (so spelt in the source)"),
        _number("nonflavanoid_phenols", "unit not stated", "phenols that are no flavanoids"),
        _number("proanthocyanins", "unit not stated", "proanthocyanins"),
        _number("color_intensity", "unit not stated", "intensity of the colour"),
        _number("hue", "unit not stated", "hue"),
        _number("od280_od315", "ratio", "absorbance of the diluted wine at 280 nm over that at 315 nm"),
        _whole("proline", "unit not stated", "proline"),
        _text("cultivar", "class_0, class_1 or class_2"),
    ),
    source="UCI Machine Learning Repository, https://doi.org/10.24432/C5PC7J, by way of scikit-learn.",
    citation="Aeberhard S, Forina M (1991). Wine. UCI Machine Learning Repository. After Forina M et al., PARVUS: an "
    "extendible package for data exploration, classification and correlation.",
    licence="CC BY 4.0 (as published by the UCI Machine Learning Repository).",
)

_NUCLEI = (
    ("radius", "mean distance from the centre to points on the outline"),
    ("texture", "standard deviation of the grey values"),
    ("perimeter", "length of the outline"),
    ("area", "area"),
    ("smoothness", "local variation of the radius"),
    ("compactness", "perimeter² / area - 1"),
    ("concavity", "how deep the concave parts of the outline are"),
    ("concave_points", "how many concave parts the outline has, as a share"),
    ("symmetry", "symmetry"),
    ("fractal_dimension", "dimension of the outline by the coastline method, less 1"),
)

_BREAST_CANCER = DataSet(
    name="breast_cancer",
    title="Cell nuclei of breast tumours, benign and malignant",
    description="Ten shapes of the cell nuclei in a digitised image of a fine needle aspirate, each as the mean over "
    "the "
    "nuclei, its standard error, and the mean of the three largest values (the worst). Lengths are in units of the "
    "image, "
    "which the source does not translate.",
    rows=569,
    target="diagnosis",
    columns=(
        *(_number(f"mean_{name}", "", f"mean over the nuclei: {text}") for name, text in _NUCLEI),
        *(_number(f"{name}_error", "", f"standard error: {text}") for name, text in _NUCLEI),
        *(_number(f"worst_{name}", "", f"mean of the three largest: {text}") for name, text in _NUCLEI),
        _text("diagnosis", "benign or malignant"),
    ),
    source="UCI Machine Learning Repository, https://doi.org/10.24432/C5DW2B, by way of scikit-learn.",
    citation="Street WN, Wolberg WH, Mangasarian OL (1993). Nuclear feature extraction for breast tumor diagnosis. "
    "Proc. SPIE 1905, 861-870. https://doi.org/10.1117/12.148698",
    licence="CC BY 4.0 (as published by the UCI Machine Learning Repository).",
)

_DIABETES = DataSet(
    name="diabetes",
    title="Diabetes: progression over a year",
    description="Ten measurements of 442 patients and how far their disease had progressed a year later. In the units "
    "in "
    "which it was measured; scikit-learn's load_diabetes() gives centred and scaled columns unless told otherwise.",
    rows=442,
    target="progression",
    columns=(
        _number("age", "years", "age"),
        _whole("sex", "", "1 or 2; the source does not say which is which"),
        _number("bmi", "kg/m²", "body mass index"),
        _number("bp", "unit not stated; of the size of mmHg", "average blood pressure"),
        _number("s1", "unit not stated; of the size of mg/dL", "total serum cholesterol (tc)"),
        _number("s2", "unit not stated; of the size of mg/dL", "low-density lipoproteins (ldl)"),
        _number("s3", "unit not stated; of the size of mg/dL", "high-density lipoproteins (hdl)"),
        _number("s4", "ratio", "total cholesterol over high-density lipoproteins (tch)"),
        _number("s5", "", "possibly the logarithm of the serum triglycerides (ltg)"),
        _number("s6", "unit not stated; of the size of mg/dL", "blood sugar (glu)"),
        _whole("progression", "", "measure of progression one year after the others"),
    ),
    source="https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html, by way of scikit-learn.",
    citation="Efron B, Hastie T, Johnstone I, Tibshirani R (2004). Least angle regression. Annals of Statistics 32(2), "
    "407-499. https://doi.org/10.1214/009053604000000067",
    licence="None stated by its authors, who published it with the paper; passed on here as by scikit-learn "
    "(BSD-3-Clause).",
)

_DIGITS = DataSet(
    name="digits",
    title="Handwritten digits as images of 8 by 8 pixels",
    description="Digits written by 13 people, each reduced to 8 by 8 counts of dark pixels from 0 to 16: the test "
    "part of "
    "the data set at UCI. pixel_r_c is the count in row r from the top and column c from the left.",
    rows=1797,
    target="digit",
    columns=(
        *(
            _whole(f"pixel_{row}_{column}", "dark pixels of 16", f"row {row}, column {column}")
            for row in range(8)
            for column in range(8)
        ),
        _whole("digit", "", "the digit that was written, 0 to 9"),
    ),
    source="UCI Machine Learning Repository, https://doi.org/10.24432/C50P49, by way of scikit-learn.",
    citation="Alpaydin E, Kaynak C (1998). Optical recognition of handwritten digits. UCI Machine Learning Repository. "
    "Kaynak C (1995). Methods of combining multiple classifiers and their applications to handwritten digit "
    "recognition. "
    "MSc thesis, Bogazici University.",
    licence="CC BY 4.0 (as published by the UCI Machine Learning Repository).",
)

_LINNERUD = DataSet(
    name="linnerud",
    title="Twenty men of a fitness club: exercises and bodies",
    description="Three exercises and three bodily measurements of twenty middle-aged men, collected by A. C. Linnerud. "
    "Small enough to check every figure by hand.",
    rows=20,
    target="chins",
    columns=(
        _whole("weight", "unit not stated; of the size of pounds", "body weight"),
        _whole("waist", "unit not stated; of the size of inches", "circumference of the waist"),
        _whole("pulse", "beats per minute", "pulse"),
        _whole("chins", "", "number of chin-ups"),
        _whole("situps", "", "number of sit-ups"),
        _whole("jumps", "", "number of jumping jacks"),
    ),
    source="By way of scikit-learn.",
    citation="Tenenhaus M (1998). La régression PLS: théorie et pratique. Paris: Technip.",
    licence="None stated; passed on here as by scikit-learn (BSD-3-Clause).",
)

_LONGLEY = DataSet(
    name="longley",
    title="Longley's economic series, nearly dependent",
    description="Employment in the United States from 1947 to 1962 and six series that all grow with the years. They "
    "are so nearly dependent that programs of 1967 lost most digits; NIST certifies the coefficients.",
    rows=16,
    target="employed",
    columns=(
        _whole("employed", "thousands", "total employment"),
        _number("gnp_deflator", "index, 1954 = 100", "price deflator of the gross national product"),
        _whole("gnp", "millions of US dollars", "gross national product"),
        _whole("unemployed", "thousands", "number of unemployed"),
        _whole("armed_forces", "thousands", "size of the armed forces"),
        _whole("population", "thousands", "population of 14 years and over outside institutions"),
        _whole("year", "", "year"),
    ),
    source="NIST Statistical Reference Datasets, https://www.itl.nist.gov/div898/strd/lls/data/Longley.shtml, by way "
    "of "
    "statsmodels.",
    citation="Longley JW (1967). An appraisal of least squares programs for the electronic computer from the point of "
    "view "
    "of the user. Journal of the American Statistical Association 62(319), 819-841. https://doi.org/10.2307/2283673",
    licence="Public domain.",
)

CATALOGUE: dict[str, DataSet] = {
    data.name: data for data in (_PENGUINS, _IRIS, _WINE, _BREAST_CANCER, _DIABETES, _DIGITS, _LINNERUD, _LONGLEY)
}
