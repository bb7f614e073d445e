"""Common drugs by their generic names, which a ward's line names without another word.

Written down from common knowledge of what is prescribed, not after a register. What a laboratory
often measures too (glucose, potassium, albumin, folate) is not among them.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from models.ner.decoding.priors.kinds import Expected, names_another
from models.ner.text.phrase_trie import folded, longest

NATS: Final = 3.0

NAMES: Final = (
    "acetaminophen", "acyclovir", "adenosine", "albuterol", "alendronate", "allopurinol",
    "alprazolam", "alteplase", "amiodarone", "amitriptyline", "amlodipine", "amoxicillin",
    "amphetamine", "ampicillin", "anastrozole", "apixaban", "aripiprazole", "aspirin", "atenolol",
    "atomoxetine", "atorvastatin", "atropine", "azathioprine", "azithromycin", "aztreonam",
    "baclofen", "benazepril", "benzonatate", "benztropine", "betamethasone", "bevacizumab",
    "bicalutamide", "bisacodyl", "bisoprolol", "budesonide", "bumetanide", "bupivacaine",
    "buprenorphine", "bupropion", "buspirone", "candesartan", "capecitabine", "captopril",
    "carbamazepine", "carbidopa", "carboplatin", "carvedilol", "cefazolin", "cefdinir", "cefepime",
    "cefoxitin", "ceftazidime", "ceftriaxone", "cefuroxime", "celecoxib", "cephalexin",
    "cetirizine", "chlorthalidone", "cholecalciferol", "cilostazol", "ciprofloxacin", "cisplatin",
    "citalopram", "clarithromycin", "clindamycin", "clobetasol", "clonazepam", "clonidine",
    "clopidogrel", "clotrimazole", "clozapine", "codeine", "colchicine", "cyanocobalamin",
    "cyclobenzaprine", "cyclophosphamide", "cyclosporine", "dabigatran", "dapagliflozin",
    "daptomycin", "desmopressin", "dexamethasone", "dexmedetomidine", "dextrose", "diazepam",
    "diclofenac", "dicyclomine", "digoxin", "diltiazem", "diphenhydramine", "dobutamine",
    "docetaxel", "docusate", "donepezil", "dopamine", "doxazosin", "doxorubicin", "doxycycline",
    "dulaglutide", "duloxetine", "empagliflozin", "enalapril", "enoxaparin", "ephedrine",
    "epinephrine", "ertapenem", "erythromycin", "escitalopram", "esmolol", "esomeprazole",
    "estradiol", "eszopiclone", "etomidate", "ezetimibe", "famotidine", "febuxostat", "fenofibrate",
    "fentanyl", "ferrous", "fexofenadine", "finasteride", "fluconazole", "fludrocortisone",
    "flumazenil", "fluorouracil", "fluoxetine", "fluticasone", "folic acid", "furosemide",
    "gabapentin", "gentamicin", "glargine", "glimepiride", "glipizide", "glucagon", "glyburide",
    "glycopyrrolate", "guaifenesin", "haloperidol", "heparin", "hydralazine", "hydrochlorothiazide",
    "hydrocodone", "hydrocortisone", "hydromorphone", "hydroxychloroquine", "hydroxyurea",
    "hydroxyzine", "ibuprofen", "imatinib", "indomethacin", "infliximab", "insulin", "ipratropium",
    "irbesartan", "isoniazid", "isosorbide", "ivermectin", "ketamine", "ketoconazole", "ketorolac",
    "labetalol", "lacosamide", "lactulose", "lamotrigine", "lansoprazole", "latanoprost",
    "letrozole", "levetiracetam", "levofloxacin", "levothyroxine", "lidocaine", "linezolid",
    "liraglutide", "lisinopril", "lispro", "loperamide", "loratadine", "lorazepam", "losartan",
    "lovastatin", "lurasidone", "meclizine", "medroxyprogesterone", "melatonin", "meloxicam",
    "memantine", "meropenem", "mesalamine", "metformin", "methadone", "methimazole",
    "methocarbamol", "methotrexate", "methylphenidate", "methylprednisolone", "metoclopramide",
    "metolazone", "metoprolol", "metronidazole", "midazolam", "midodrine", "milrinone",
    "minocycline", "mirtazapine", "misoprostol", "montelukast", "morphine", "moxifloxacin",
    "mupirocin", "mycophenolate", "nadolol", "nafcillin", "naloxone", "naltrexone", "naproxen",
    "nicardipine", "nicotine", "nifedipine", "nitrofurantoin", "nitroglycerin", "nitroprusside",
    "norepinephrine", "nortriptyline", "nystatin", "octreotide", "olanzapine", "olmesartan",
    "omeprazole", "ondansetron", "oseltamivir", "oxcarbazepine", "oxybutynin", "oxycodone",
    "oxytocin", "paclitaxel", "paliperidone", "pancrelipase", "pantoprazole", "paroxetine",
    "pembrolizumab", "pemetrexed", "penicillin", "phenazopyridine", "phenobarbital",
    "phenylephrine", "phenytoin", "pioglitazone", "piperacillin", "polyethylene glycol",
    "pramipexole", "prasugrel", "pravastatin", "prazosin", "prednisolone", "prednisone",
    "pregabalin", "pressors", "primidone", "prochlorperazine", "progesterone", "promethazine",
    "propofol", "propranolol", "propylthiouracil", "quetiapine", "quinapril", "raloxifene",
    "ramipril", "ranitidine", "ranolazine", "remdesivir", "rifampin", "rifaximin", "risperidone",
    "rituximab", "rivaroxaban", "rizatriptan", "rocuronium", "ropinirole", "rosuvastatin",
    "sacubitril", "semaglutide", "senna", "sertraline", "sevelamer", "sildenafil", "simethicone",
    "simvastatin", "sitagliptin", "solifenacin", "sotalol", "spironolactone", "statin", "steroid",
    "steroids", "succinylcholine", "sucralfate", "sulfa", "sulfamethoxazole", "sumatriptan",
    "tacrolimus", "tadalafil", "tamoxifen", "tamsulosin", "temazepam", "terbinafine", "terbutaline",
    "thiamine", "ticagrelor", "timolol", "tiotropium", "tirzepatide", "tizanidine", "tobramycin",
    "tofacitinib", "tolterodine", "topiramate", "torsemide", "tramadol", "tranexamic acid",
    "trastuzumab", "trazodone", "triamcinolone", "trimethoprim", "ursodiol", "valacyclovir",
    "valproate", "valsartan", "vancomycin", "vasopressin", "vecuronium", "venlafaxine", "verapamil",
    "vincristine", "vitamin k", "warfarin", "zolpidem", "zonisamide",
)  # fmt: skip


def expected(text: str) -> Iterator[Expected]:
    """Yield the drugs of a text that are in the list."""
    for name in _pattern().finditer(folded(text)):
        if not names_another(text, name.end()):
            yield Expected(name.start(), name.end(), "drug", NATS)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(longest(NAMES))
